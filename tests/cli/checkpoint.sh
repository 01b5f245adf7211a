#!/bin/sh
# A search that is killed in the middle, and goes on from its checkpoint, ends as one that was not.
# usage: checkpoint.sh PICKGLASS SOURCES
set -eu
pickglass=$1
. "$2/tests/expect.sh"
rm -f -- *

# Put into $known how many executions the checkpoint knows of, 0 if it is not there; without a
# process of its own, so that it is quick.
look()
{
    known=0
    [ -r "$1" ] || return 0
    while read -r word count rest; do
        [ "$word" != executions ] || known=$count
    done <"$1"
}

# try_to_kill CHECKPOINT COMMAND...: run it until the checkpoint knows more executions than before,
# and kill it there.  Returns 1 if it had come to its end: it was too quick for this shell.
try_to_kill()
{
    checkpoint=$1
    shift
    look "$checkpoint"
    before=$known
    "$@" >out 2>err &
    process=$!
    look "$checkpoint"
    while [ "$known" -le "$before" ] && kill -0 $process 2>/dev/null; do
        look "$checkpoint"
    done
    kill -9 $process 2>/dev/null || true
    status=0
    wait $process 2>/dev/null || status=$?
    [ $status = 137 ]
}

# killed CHECKPOINT COMMAND...
killed()
{
    rm -f backup
    [ ! -e "$1" ] || cp "$1" backup
    tries=0
    until try_to_kill "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 20 ] || fail "it could not be killed in the middle: $*"
        rm -f "$1"
        [ ! -e backup ] || cp backup "$1"
    done
    grep -q '^left 1$' "$1" || fail "nothing was left to do when it was killed: $*"
    tail -n 1 "$1" | grep -q '^end$' || fail "the checkpoint is not whole: $*"
}

# same NAME: the search in pieces said and wrote what the whole did.
same()
{
    cmp whole.report pieces.report || fail "$1: another report"
    grep -q "gone on from" err || fail "$1: it did not go on"
    grep -v 'gone on from' err >pieces.err
    cmp whole.err pieces.err || fail "$1: other words"
}

program='explore work_stealing_queue --all --no-shrink'
often='--checkpoint-every 5'
few=60000 many=90000 n=7 bound=
[ "${LIGHT:-0}" = 0 ] || few=6000 many=9000 n=5 bound='--preemptions 5'

# choose POLICY: put into $what a search by it, and into $found how it exits.
choose()
{
    found=1
    case $1 in
    dfs) what="$program --policy dfs $bound" ;;
    random) what="$program --policy random --executions $few" ;;
    dpor) what="explore writers_reader -p n=$n --all --no-shrink --policy dpor" found=0 ;;
    esac
}

# shellcheck disable=SC2086 # searches are lists of words
for policy in dfs random dpor; do
    # The whole, and the same killed three times.
    choose $policy
    expect $found "$pickglass" $what --report whole.report
    mv err whole.err
    for kill in 1 2 3; do
        killed c.$policy "$pickglass" $what --checkpoint c.$policy $often
    done
    expect $found "$pickglass" $what --resume c.$policy --report pieces.report
    same "$policy, killed $kill times"

    # Seven shards, of which the third is killed twice, are the whole.
    for shard in 1 2 4 5 6 7; do
        status=0
        "$pickglass" $what --shard $shard/7 --report part$shard.report >out 2>err || status=$?
        [ $status -le 1 ] || fail "shard $shard: exit status $status"
    done
    for kill in 1 2; do
        killed c3.$policy "$pickglass" $what --shard 3/7 --checkpoint c3.$policy $often
    done
    expect $found "$pickglass" $what --shard 3/7 --checkpoint c3.$policy --report part3.report
    expect $found "$pickglass" merge part?.report
    # What was given up half-way is no execution, and numbers are of each shard if nothing is drawn.
    for words in err whole.err; do
        sed -n '1,3{s/; .* given up half-way//;p;}' $words >$words.first
        [ $policy = random ] || sed -i 's/, first.*//' $words.first
    done
    cmp whole.err.first err.first || fail "$policy: shards are not the whole"
done

# So are several processes: killed with their parent, and told by Ctrl-C.
what="$program --policy random --executions $many --jobs 3"
# shellcheck disable=SC2086
{
    expect 1 "$pickglass" $what --report whole.report
    mv err whole.err
    for kill in 1 2; do
        killed c.jobs.2 "$pickglass" $what --checkpoint c.jobs $often
    done
    expect 1 "$pickglass" $what --resume c.jobs --report pieces.report
    grep -v 'gone on from' err >pieces.err
    cmp whole.report pieces.report || fail 'jobs: another report'
    cmp whole.err pieces.err || fail 'jobs: other words'
    expect 2 "$pickglass" $what --jobs 2 --resume c.jobs
    grep -q 'worker 1: c.jobs.1:14: a checkpoint of another search' err || fail 'other jobs'
    expect 2 "$pickglass" $program --policy random --executions $many --checkpoint c.jobs
    grep -q 'c.jobs.1 is a checkpoint of a search with --jobs' err || fail 'no jobs'
}

# What is refused.
expect 2 "$pickglass" explore work_stealing_queue --policy dfs --all --resume nothing
grep -q '^pickglass: nothing: cannot read: No such file' err || fail 'nothing to resume from'
expect 2 "$pickglass" explore work_stealing_queue --policy random --all --checkpoint c.dfs
grep -q '^pickglass: c.dfs:5: a checkpoint of another search' err || fail 'another policy'
expect 2 "$pickglass" explore bank_transfer --policy dfs --all --checkpoint c.dfs
grep -q '^pickglass: c.dfs:2: a checkpoint of another search' err || fail 'another program'
head -c 300 c.dfs >"cut"
# shellcheck disable=SC2086
expect 2 "$pickglass" explore work_stealing_queue --policy dfs $bound --all --checkpoint cut
grep -q '^pickglass: cut:[0-9]*: the file ends in the middle' err || fail 'cut short'
expect 2 "$pickglass" explore work_stealing_queue --checkpoint c --resume c
expect 2 "$pickglass" explore work_stealing_queue --checkpoint-every 5
expect 2 "$pickglass" explore work_stealing_queue --checkpoint nowhere/c
grep -q 'nowhere/c: cannot write' err || fail 'a folder that is not there'
