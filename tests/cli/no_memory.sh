#!/bin/sh
# A machine that has no memory is no limit of the run's: told as what it is, with nothing claimed.
# usage: no_memory.sh PICKGLASS SOURCES
set -eu
pickglass=$1
. "$2/tests/expect.sh"
rm -f -- *

# The sanitizers ask for more than any limit at once.
[ "${LIGHT:-0}" = 0 ] || exit 0

# Only files that these tests make themselves are here.
nothing_left()
{
    for file in *; do
        case $file in
        out | err) ;;
        *) fail "$file was written" ;;
        esac
    done
}

# The least power of two, in KiB, with which the program itself fits, and as much again.
size=16384
until (ulimit -v $size && "$pickglass" list >out 2>err); do
    size=$((2 * size))
    [ $size -le 67108864 ] || fail "no limit of memory is enough for the program"
done
ulimit -v $((2 * size))
expect 0 "$pickglass" run hello_world

# Their stacks are more than that: the run ends, and so does whatever needs it.
big='counter_race -p tasks=1000000'
expect 2 "$pickglass" run $big --trace a.trace --png a.png --svg a.svg --junit a.xml
says err 'pickglass: the machine ran out of memory, at step '
never err 'LIMIT REACHED'
never err 'no finding'
nothing_left
expect 2 "$pickglass" run $big --check-determinism
says err 'pickglass: the machine ran out of memory, at step '
never err 'deterministic'
nothing_left

for policy in dfs dpor random pct pos surw pb db fifo round-robin portfolio auto; do
    expect 2 "$pickglass" explore $big --policy $policy --executions 3 --trace a.trace \
        --report a.report --map a.json
    says err 'pickglass: the machine ran out of memory after 0 executions'
    never err 'exhausted'
    never err 'limit of'
    never out 'exhausted'
    nothing_left
done
expect 2 "$pickglass" explore $big --jobs 2 --report a.report
says err 'worker 1: the machine ran out of memory after 0 executions'
nothing_left

# The run's own limit, where that comes first, is told as what it is.
expect 1 "$pickglass" run counter_lock --max-memory 1M
says err 'LIMIT REACHED: The run reached the limit on memory'
never err 'ran out of memory'
