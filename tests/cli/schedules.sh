# The command line around schedules: shrinking, orders, explaining, comparing, drifting.
set -u
p=$1
failed=0

# check NAME STATUS COMMAND...: run it; out and err hold what it said.
check()
{
    name=$1
    expected=$2
    shift 2
    status=0
    "$@" >out 2>err </dev/null || status=$?
    [ "$status" = "$expected" ] || {
        echo "$name: exit status $status, expected $expected: $*"
        sed 's/^/  /' err
        failed=1
    }
}

# says FILE TEXT
says()
{
    grep -qF -- "$2" "$1" || {
        echo "$name: $1 does not say '$2':"
        sed 's/^/  /' "$1"
        failed=1
    }
}

# silent FILE TEXT
silent()
{
    if grep -qF -- "$2" "$1"; then
        echo "$name: $1 says '$2':"
        sed 's/^/  /' "$1"
        failed=1
    fi
}

rm -rf ./*
check shrink 1 "$p" explore counter_race_threads -p threads=4 --policy random --seed 3 --trace a.trace
says err 'to 1 preemption in'
says err 'with fewer it does not happen'
says err 'order: '
says err 'the other way round the run passes: s1:'
order=$(sed -n 's/^order: //p' err)
passing=$(sed -n 's/^.*the run passes: //p' err)
check order 1 "$p" run counter_race_threads -p threads=4 --order "$order"
says err 'LOST UPDATE'
check passing 1 "$p" run counter_race_threads -p threads=4 --schedule "$passing" --trace b.trace
silent err 'LOST UPDATE'
check kept 1 "$p" explore counter_race_threads -p threads=4 --policy random --seed 3 --no-shrink
silent err 'shrunk:'
silent err 'swap:'
silent err 'order:'
check always 1 "$p" explore lost_wakeup
says err 'to no preemption'
says err 'order: producer.notify(data ready) < consumer.cond_wait(data ready)'
says err 'swap: no run without this finding is near'
check alone 1 "$p" explore deadlock_self
says err 'order: the usual one'
check clean 0 "$p" explore counter_lock_threads
silent err 'shrunk:'

check bad-order 2 "$p" run counter_race_threads --order 'adder 1.walk(counter)'
says err '--order: column 9: expected an operation'
check vain-order 2 "$p" run counter_race_threads --order 'MainThread.read(counter) < adder 1.read(counter)'
says err '--order cannot be kept: step'
says err 'adder 1.read(counter) came before MainThread.read(counter)'
check two-ways 2 "$p" run counter_race_threads --order 'A.read(x)' --schedule s1:0
says err '--order excludes --policy and --schedule'

check explain 1 "$p" explain a.trace
says out 'LOST UPDATE: '
says out 'counter_race_threads.c:17'
says out ' 3. '
check explain-clean 0 "$p" run counter_lock_threads --trace clean.trace
check explain-clean 0 "$p" explain clean.trace
says out 'no finding'
check fate 1 "$p" explore counter_race_threads --fate
says err 'from choice 5 on it could not be escaped'
check explain-fate 1 "$p" explain a.trace --fate
says out 'it turns when'
check emit 1 "$p" explore counter_race_threads --emit-test test.c --emit-test-fixed fixed.c
says test.c 'extern const struct sim_scenario counter_race_threads;'
says test.c 'sim_check_order'
says fixed.c 'sim_check_never(&scenario, SIM_FINDING_LOST_UPDATE, 1)'
check emit-nowhere 2 "$p" explore counter_race_threads --emit-test nowhere/test.c
says err nowhere/test.c
check emit-clean 0 "$p" explore counter_lock_threads --emit-test none.c
says err 'no test is written'
[ ! -e none.c ] || { echo 'a test was written for nothing'; failed=1; }
check explain-none 2 "$p" explain nowhere.trace
says err 'nowhere.trace'

check same 0 "$p" diff a.trace a.trace
says out 'the same run: '
check different 1 "$p" diff a.trace b.trace
says out 'they part at'
says out 'values that differ'
says out 'found only in a.trace'
says out 'output differs at line 1'
check programs 1 "$p" diff a.trace clean.trace
says out 'not the same program: counter_race_threads threads=4, and counter_lock_threads'
check diff-one 2 "$p" diff a.trace
says err 'diff needs two traces'
check diff-three 2 "$p" diff a.trace b.trace clean.trace
check diff-none 2 "$p" diff a.trace nowhere.trace
says err 'nowhere.trace'

sed 's/^params threads=4$/params threads=3/' a.trace >other.trace
cmp -s a.trace other.trace && { echo 'the parameter was not changed'; failed=1; }
check drift 1 "$p" replay other.trace
says err 'the run has drifted at step'
says err 'expected MainThread at spawn adder 4'
says err 'it was stopped there'
check go-on 1 "$p" replay other.trace --on-drift continue
says err 'expected MainThread at spawn adder 4'
says err 'it went on, and drifted'
says out 1
check bad-drift 2 "$p" replay other.trace --on-drift maybe
says err "--on-drift: 'maybe' is neither stop nor continue"

# What a scenario asks for, the command line can take back: the cancellation that it tries.
check asked 1 "$p" explore pool_cancel_acquire
says err 'cancelled: at 1 await'
check not_asked 0 "$p" explore pool_cancel_acquire --cancel none
silent err 'cancelled:'
says err 'all 1 execution run'
check replay 0 "$p" run pool_cancel_acquire --cancel none --trace none.trace
says err 'replay: pickglass run pool_cancel_acquire --cancel none'
check from_trace 0 "$p" replay none.trace
check nobody 2 "$p" run pool_cancel_acquire --cancel ''
says err "'' is no name of a task"
check unknown 2 "$p" explore pool_cancel_acquire --cancel nobody
says err "no task 'nobody' has awaited anything"

exit $failed
