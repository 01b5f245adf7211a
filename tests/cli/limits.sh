#!/bin/sh
# Limits of a run: what is asked for holds, is told, and goes wherever the run goes.
# usage: limits.sh PICKGLASS SOURCES
set -eu
pickglass=$1
. "$2/tests/expect.sh"
rm -f -- *

# A size is a whole number, perhaps of K, M or G, in its range.
for size in 1M 1048576 1024K 5000000 3G 1048576G; do
    expect 0 "$pickglass" run hello_world --max-memory $size
done
for size in 0 1 1048575 1023K 0G 1048577G 99999999999999999999 -2M '' M 2MB 2m 2T 0x10M 1.5M '2 M'; do
    for command in run explore show; do
        expect 2 "$pickglass" $command hello_world --max-memory "$size"
        says err "--max-memory: '$size' is not a size from 1M to 1048576G, as "
    done
done
expect 2 "$pickglass" run hello_world --max-memory
says err '--max-memory needs a value'
expect 2 "$pickglass" merge a.report --max-memory 2M
says err "merge has no option '--max-memory'"

# A run that it ends: told, recorded, replayed with the limit that is in the trace.
expect 1 "$pickglass" run counter_lock --max-memory 1536K --trace lock.trace
says err 'LIMIT REACHED: The run reached the limit on memory'
says err 'replay: pickglass run counter_lock --max-memory 1536K'
says lock.trace 'memory 1572864'
says lock.trace 'outcome memory'
line=$(sed -n 's/^replay: pickglass //p' err)
cp err first
# shellcheck disable=SC2086 # it is a line of words
expect 1 "$pickglass" $line
cmp first err || fail 'the replay line shows another run'
expect 1 "$pickglass" replay lock.trace
says err 'the same run, byte for byte'
expect 1 "$pickglass" replay lock.trace --max-memory 2000000
says err 'the run has drifted'
expect 1 "$pickglass" explain lock.trace
says out '--max-memory'
expect 0 "$pickglass" run counter_lock --trace whole.trace
never err '--max-memory'
never whole.trace 'memory'
# One that it does not end is the same run.
expect 0 "$pickglass" replay whole.trace --max-memory 64M
expect 0 "$pickglass" run counter_lock --max-memory 64M --trace enough.trace
never err '--max-memory'
expect 0 "$pickglass" replay enough.trace

# A trace with a limit that is none.
for size in 0 -1 x 99999999999999999999 ''; do
    sed "s/^memory .*/memory $size/" lock.trace >bad.trace
    expect 2 "$pickglass" replay bad.trace
    says err 'bad.trace:6: '
done

# A search: what it found is shown within the same limit, in one piece, in shards and merged.
set -- explore counter_lock -p tasks=6000 --policy random --executions 3 --all --no-shrink
expect 1 "$pickglass" "$@" --max-memory 1M
says err 'cut short after 3 executions: 3 executions reached the limit of 1 MiB of memory'
says err 'replay: pickglass run counter_lock -p tasks=6000 --max-memory 1M'
sed -n 1p err >whole
for part in 1 2; do
    expect 1 "$pickglass" "$@" --max-memory 1M --shard $part/2 --report part_$part
    says part_$part 'memory 1048576'
done
expect 1 "$pickglass" merge part_2 part_1
sed -n 1p err >parts
cmp whole parts || fail 'the limits of shards are not those of the whole'
says err 'replay: pickglass run counter_lock -p tasks=6000 --max-memory 1M'
expect 1 "$pickglass" "$@" --max-memory 1048577 --shard 1/2 --report other
expect 2 "$pickglass" merge other part_2
says err 'part_2: it is of another search'
expect 1 "$pickglass" "$@" --max-memory 1M --jobs 2
sed -n 1p err >parts
cmp whole parts || fail 'the limits of jobs are not those of the whole'

# A search goes on under its own limit, and under no other.
set -- explore readers --policy dfs --executions 100 --checkpoint dfs.checkpoint
expect 1 "$pickglass" "$@" --max-memory 2M
says dfs.checkpoint 'memory 2097152'
expect 2 "$pickglass" "$@" --max-memory 3M
says err "a checkpoint of another search: 'memory 2097152' there, 'memory 3145728' here"
expect 2 "$pickglass" "$@"
says err "a checkpoint of another search: 'memory 2097152' there, 'all 0' here"
rm dfs.checkpoint
expect 1 "$pickglass" "$@"
expect 2 "$pickglass" "$@" --max-memory 2M
says err "a checkpoint of another search: 'all 0' there, 'memory 2097152' here"
expect 0 "$pickglass" explore readers --policy dfs --checkpoint dfs.checkpoint
