# Optimal DPOR divided among seven: the parts are the whole, also when one was killed and run again.
set -u
p=$1
failed=0
n=5 orders=720 fib=6
[ "${LIGHT:-0}" = 0 ] || n=4 orders=120 fib=5
whole="writers_reader: exhausted: all $orders executions run, up to the order of independent steps"

# expect NAME STATUS COMMAND...: run it; err holds what it said.
expect()
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

# says TEXT
says()
{
    grep -qF -- "$1" err || {
        echo "$name: does not say '$1':"
        sed 's/^/  /' err
        failed=1
    }
}

search()
{
    "$p" explore writers_reader -p n=$n --policy dpor --all "$@"
}

rm -rf ./*
expect undivided 0 search --no-shrink
head -n 1 err | grep -qxF "$whole" || { echo "not '$whole':"; head -n 1 err; failed=1; }

for i in 1 2 3 4 5 6 7; do
    search --no-shrink --shard $i/7 --report part_$i.report >out 2>err
    grep -qF "writers_reader, shard $i of 7: exhausted: all " err || { cat err; failed=1; }
done
cp part_4.report kept.report
rm part_4.report
expect incomplete 1 "$p" merge part_*.report
says '1 of 7 shards missing'
# Killed at once, or just too late: what there is of a report is all of it.
"$p" explore writers_reader -p n=$n --policy dpor --all --shard 4/7 --report part_4.report \
    >out 2>err &
kill -9 $!
wait $! 2>err
[ ! -e part_4.report ] || cmp -s part_4.report kept.report || { echo 'half a report'; failed=1; }
search --no-shrink --shard 4/7 --report part_4.report >out 2>err
cmp -s part_4.report kept.report || { echo 'a part differs when it is run again'; failed=1; }
expect merge 0 "$p" merge part_7.report part_[1-6].report --report whole.report
says "$whole"
expect jobs 0 search --jobs 7 --report jobs.report
says "$whole"
cmp -s whole.report jobs.report || { echo 'jobs and shards differ'; failed=1; }

# Killed in the middle, twice, and gone on with: the same report as of a search left in peace.
long()
{
    "$p" explore fib_bench -p n=$fib --policy dpor --all --report "$1" --checkpoint "$2" \
        --checkpoint-every 50
}

# known CHECKPOINT: how many executions it knows of.
known()
{
    sed -n 's/^executions \([0-9]*\) .*/\1/p' "$1" 2>/dev/null | grep . || echo 0
}

long peace.report peace.checkpoint >out 2>peace.err
for kill in 1 2; do
    before=$(known c)
    "$p" explore fib_bench -p n=$fib --policy dpor --all --report broken.report --checkpoint c \
        --checkpoint-every 50 >out 2>err &
    process=$!
    while [ "$(known c)" -le "$before" ] && kill -0 $process 2>/dev/null; do
        :
    done
    kill -9 $process
    wait $process 2>err
    [ ! -e broken.report ] || { echo 'it was too quick to be killed'; rm broken.report; }
done
long broken.report c >out 2>err
cmp peace.report broken.report || { echo 'killed twice, it says something else'; failed=1; }
# What is said of faulty scenarios and of what mends them, as anybody would ask.
if [ "${LIGHT:-0}" = 0 ]; then
    for fixed in $("$p" list | sed -n 's/^\([a-z_]*_fixed\) .*/\1/p'); do
        expect "$fixed" 0 "$p" explore "$fixed" --policy dpor
        says 'no finding in the executions run'
        expect "${fixed%_fixed}" 1 "$p" explore "${fixed%_fixed}" --policy dpor --no-shrink
        says 'found: '
    done
fi
exit $failed
