#!/bin/sh
# Run every scenario under Valgrind.   sh tests/valgrind.sh PROGRAM FOLDER [JOBS]
#
# Any error or leak fails, also in runs that end in a deadlock or with tasks abandoned.  What a run
# finds is not the question here, so both 0 and 1 are good answers of the program.
set -u
error=99

valgrind_run()
{
    log=$1
    shift
    valgrind --quiet --error-exitcode=$error --leak-check=full \
        --errors-for-leak-kinds=definite,indirect "$@" >"$log" 2>&1
}

# one PROGRAM FOLDER NAME: fewer tasks where a scenario has that parameter, for time.
one()
{
    program=$1 folder=$2 name=$3
    log=$folder/$name.log
    rm -f "$folder/$name.trace"
    set -- -p tasks=200
    "$program" run "$name" "$@" >/dev/null 2>&1
    [ $? -ne 2 ] || set --
    valgrind_run "$log" "$program" run "$name" --trace "$folder/$name.trace" "$@"
    status=$?
    # Valgrind exits with 1, too, where it cannot start: then there is no trace.
    [ -s "$folder/$name.trace" ] || status=$error
    check "run $name" $status "$log"
}

check()
{
    if [ "$2" -gt 1 ]; then
        echo "FAILED: $1: exit status $2"
        cat "$3"
        return 1
    fi
    echo "clean: $1"
}

if [ "$1" = --one ]; then
    one "$2" "$3" "$4"
    exit
fi

program=$1 folder=$2 jobs=${3:-2}
failed=0
mkdir -p "$folder"
names=$("$program" list | awk '{ print $1 }')
[ -n "$names" ] || exit 1
echo "$names" | xargs -P "$jobs" -n 1 sh "$0" --one "$program" "$folder" || failed=1

# A search abandons thousands of runs; a picture and a replay read what a run left.
log=$folder/explore.log
valgrind_run "$log" "$program" explore deadlock_abba_threads --all
check 'explore deadlock_abba_threads' $? "$log" || failed=1
log=$folder/replay.log
valgrind_run "$log" "$program" replay "$folder/deadlock_abba.trace"
check 'replay deadlock_abba' $? "$log" || failed=1
log=$folder/render.log
valgrind_run "$log" "$program" render "$folder/deadlock_abba.trace" -o "$folder/deadlock_abba.png"
check 'render deadlock_abba' $? "$log" || failed=1
exit $failed
