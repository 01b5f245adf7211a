#!/bin/sh
# What a search is worth is what it says: defaults, caps, what was never run; and its map.
# usage: search.sh PICKGLASS SOURCES
set -eu
pickglass=$1
. "$2/tests/expect.sh"
rm -f -- *

# Without a policy: everything if it is little, else random ones.
expect 0 "$pickglass" explore readers
says err 'readers: exhausted: all 855 executions run'
expect 0 "$pickglass" explore bank_transfer_fixed --executions 300
says err 'exhausted: all 6 executions run by dpor, up to the order of independent steps, after 150 '
expect 1 "$pickglass" explore bank_transfer --executions 300 --no-shrink
says err ', by dpor'
expect 0 "$pickglass" explore readers -p n=13 --executions 400
says err '400 executions run, 200 depth first and 100 by dpor, which is not all, and 100 at random'
expect 0 "$pickglass" explore bank_transfer_fixed --preemptions 1
says err 'with at most 1 preemptions run'
# Parts of it are the whole.
expect 1 "$pickglass" explore bank_transfer --all --no-shrink --executions 600
sed -n 1,3p err >whole
expect 1 "$pickglass" explore bank_transfer --all --no-shrink --executions 600 --jobs 4
sed -n 1,3p err >parts
cmp whole parts || fail 'jobs are not the whole'

# A search that is cut short has not passed; one that ran nothing exits 2.
expect 1 "$pickglass" explore bank_transfer_fixed --policy dfs --executions 100
says err 'inconclusive: cut short after 100 executions: the limit of 100 executions'
expect 1 "$pickglass" explore bank_transfer_fixed --policy random --executions 10 --max-steps 20 \
    --all --no-shrink
says err 'inconclusive: cut short after 10 executions: 10 executions reached the limit of 20 steps'
sed -n 1p err >whole
expect 1 "$pickglass" explore bank_transfer_fixed --policy random --executions 10 --max-steps 20 \
    --all --no-shrink --jobs 3
sed -n 1p err >parts
cmp whole parts || fail 'the limits of jobs are not those of the whole'
for part in 1 2; do
    expect 1 "$pickglass" explore bank_transfer_fixed --policy random --executions 10 \
        --max-steps 20 --all --no-shrink --shard $part/2 --report part_$part
done
expect 1 "$pickglass" merge part_2 part_1
sed -n 1p err >parts
cmp whole parts || fail 'the limits of shards are not those of the whole'
expect 1 "$pickglass" explore bank_transfer_fixed --policy random --executions 100 --max-steps 54 \
    --all --no-shrink
grep -q 'sampled: .* run, seed 0, of which [0-9]* reached the limit of 54 steps$' err ||
    fail 'it does not say how many were cut short'
expect 1 "$pickglass" explore bank_transfer_fixed --policy dpor --executions 3
expect 2 "$pickglass" explore readers --executions 0
expect 2 "$pickglass" explore hello_world --shard 2/3
says err 'shard 2 of 3: nothing was executed'
expect 2 "$pickglass" explore hello_world --policy dpor --shard 2/3
expect 2 "$pickglass" explore hello_world --schedule s1:0.0
says err 'the run ended after 0 choices, and the schedule has 2'
expect 2 "$pickglass" explore readers --schedule s1:7
says err 'choice 1 has '

# Progress is for terminals.
expect 0 "$pickglass" explore bank_transfer_fixed --policy random --budget 300ms
! grep -q "$(printf "\r")" err || fail 'progress, and no terminal'

# The same twice.
expect 0 "$pickglass" explore readers --check-determinism
says err 'readers: exhausted: all 855 executions run'
expect 1 "$pickglass" run counter_race --check-determinism
says err 'deterministic: the same run twice, event by event'

# The map, in every form, whole and in parts.
expect 1 "$pickglass" explore counter_race_threads --policy dfs --all --no-shrink --map -
says out 'A = adder 1.write(counter) (counter_race_threads.c:'
says out 'A before B: never, and there are no other executions'
expect 1 "$pickglass" explore counter_race_threads --policy dfs --all --no-shrink --map whole.txt
cmp out /dev/null || fail 'a map on standard output that goes to a file'
for shard in 1 2 3; do
    status=0
    "$pickglass" explore counter_race_threads --policy dfs --all --no-shrink --shard $shard/3 \
        --map part.json --report part$shard.report >out 2>err || status=$?
    [ $status -le 1 ] || fail "shard $shard"
done
expect 1 "$pickglass" merge part?.report --map parts.txt
cmp whole.txt parts.txt || fail 'maps of shards are not the whole'
# Where chance has found nothing, it is said what may be a proof; and it is one.
expect 0 "$pickglass" explore readers -p n=9 --executions 100
says err 'not a proof: --policy dpor goes on until'
expect 0 "$pickglass" explore readers -p n=9 --policy dpor
says err 'readers: exhausted: all 512 executions run'

# A limit that is the search's own is that of what it shows.
expect 1 "$pickglass" explore counter_race_threads -p threads=20 -p rounds=600 --policy dpor \
    --no-shrink
says err 'found: limit in 1 of 1 executions'
says err '--max-steps 20000 --schedule'

# What was found is shown again in the same freedom.
for shard in 1 2; do
    expect 1 "$pickglass" explore timeout_vs_completion --level any --time explored --policy dfs \
        --no-shrink --shard $shard/2 --report free$shard.report
done
expect 1 "$pickglass" merge free?.report
says err 'swap: with one choice changed the run passes'
says err 'CHECK FAILED: A check of Task-1 failed'
says err '--level any --time explored --schedule'
expect 0 "$pickglass" explore readers --policy dpor --map readers.json
says readers.json '"format": "pickglass-map", "version": 1'
if command -v python3 >/dev/null 2>&1; then
    python3 -m json.tool readers.json out || fail 'readers.json is no JSON'
fi
expect 0 "$pickglass" explore readers --policy random --map readers.png --theme dark
head -c 4 readers.png | grep -q PNG || fail 'readers.png is no PNG'
expect 0 "$pickglass" explore readers --policy random --map readers.svg
says readers.svg '</svg>'
says readers.svg 'What the search of readers has seen'
expect 2 "$pickglass" explore readers --map readers.gif
expect 2 "$pickglass" explore readers --map nowhere/readers.txt
expect 0 "$pickglass" explore readers --policy random --report no-map.report
expect 2 "$pickglass" merge no-map.report --map whole.txt
says err 'these reports have no map'
