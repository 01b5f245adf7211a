# What scripts that run the program share; they read it with "." and stand in a folder of their own.
# shellcheck shell=sh

fail()
{
    echo "${0##*/}: $*" >&2
    exit 1
}

# expect STATUS COMMAND...: what it writes stands in out and err.
expect()
{
    expected=$1
    shift
    status=0
    "$@" >out 2>err </dev/null || status=$?
    [ "$status" = "$expected" ] || {
        cat err >&2
        fail "exit status $status; expected $expected: $*"
    }
}

# says FILE TEXT
says()
{
    grep -qF -- "$2" "$1" || {
        cat "$1" >&2
        fail "$1 does not say '$2'"
    }
}

# never FILE TEXT
never()
{
    ! grep -qF -- "$2" "$1" || fail "$1 says '$2'"
}
