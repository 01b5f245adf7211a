# The command line: what each command prints, where, and how it exits.
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

# absent FILE...
absent()
{
    for file in "$@"; do
        [ ! -e "$file" ] || {
            echo "$name: left $file"
            failed=1
        }
    done
}

rm -rf ./*
check version 0 "$p" --version
says out 'pickglass '
check help 0 "$p" help
says out 'pickglass run SCENARIO'
for command in list run explore merge replay render show explain diff annotate; do
    check "help $command" 0 "$p" help $command
    says out "usage: pickglass $command"
    cp out told
    for option in --help -h; do
        check "$command $option" 0 "$p" $command some.trace $option
        cmp -s out told || { echo "$command $option says something else than help $command"; failed=1; }
    done
done
check 'help help' 0 "$p" help help
check 'help of help' 0 "$p" --help -h
says out 'pickglass run SCENARIO'
check list 0 "$p" list
says out counter_race
says out condition_wait_for

check race 1 "$p" run counter_race
[ "$(tail -n 1 out)" = 1 ] || { echo 'counter_race does not print 1 last'; failed=1; }
says err 'LOST UPDATE'
check lock 0 "$p" run counter_lock
[ "$(tail -n 1 out)" = 10000 ] || { echo 'counter_lock does not print 10000 last'; failed=1; }
check parameter 0 "$p" run counter_lock -p tasks=7
[ "$(cat out)" = 7 ] || { echo 'counter_lock -p tasks=7 does not print 7 alone'; failed=1; }
check abba 1 "$p" run deadlock_abba
says err 'A to B waits for lock B, held by B to A since step'
says err 'B to A waits for lock A, held by A to B since step'
check ordered 0 "$p" run deadlock_ordered
check times 0 "$p" run --times condition_wait_for
says out '[15.000] query 2: ended'

check explore 1 "$p" explore counter_race_threads --trace found.trace --png found.png --svg found.svg
says err 'LOST UPDATE'
schedule=$(sed -n 's/^schedule: //p' err)
check schedule 1 "$p" run counter_race_threads --schedule "$schedule" --trace first.trace
says err 'LOST UPDATE'
cmp -s first.trace found.trace || { echo 'the schedule does not give the trace that was found'; failed=1; }
i=0
while [ $i -lt 100 ]; do
    "$p" run counter_race_threads --schedule "$schedule" --trace again.trace >/dev/null 2>&1
    cmp -s first.trace again.trace || { echo "run $i differs"; failed=1; }
    i=$((i + 1))
done
check clean 0 "$p" explore counter_lock_threads
says err 'exhausted: all'
check bounded 0 "$p" explore counter_lock_threads --preemptions 1
says err 'bounded: all'
check capped 1 "$p" explore counter_lock_threads --policy dfs --executions 2
says err 'inconclusive: cut short after 2 executions'
check sampled 0 "$p" explore counter_lock_threads --policy random --executions 50 --seed 3
says err 'sampled: 50 random executions run, seed 3'
for policy in pct pos surw; do
    check "drawn by $policy" 0 "$p" explore counter_lock_threads --policy $policy --executions 50
    says err "sampled: 50 $policy executions run, seed 0"
    check "found by $policy" 1 "$p" explore counter_race_threads --policy $policy
    says err 'stopped at the first error'
done
check pct 0 "$p" explore counter_lock_threads --policy pct --depth 2
says err 'PCT depth 2: finds a bug of depth 2 with probability at least 0.9999 (992 tries of 1/(3*11^1))'
for policy in pb db; do
    check $policy 0 "$p" explore counter_lock_threads --policy $policy
    says err 'exhausted: all 118 executions run'
done
check pb 0 "$p" explore counter_lock_threads --policy pb --preemptions 1
says err 'executions with at most 1 preemption run'
check db 0 "$p" explore counter_lock_threads --policy db --delays 2
says err 'executions with at most 2 delays run'
check portfolio 1 "$p" explore counter_race_threads --policy portfolio
says err ', by pb'
check fifo 0 "$p" explore counter_lock_threads --policy fifo
says err 'sampled: 1 fifo execution run'
check "guided run" 1 "$p" run counter_race_threads --policy guided --schedule s1:0*3.1
says err 'LOST UPDATE'
check "guided run" 2 "$p" run counter_race_threads --policy guided --schedule s1:0.5
says err 'choice 2, after step'
check "guided run" 2 "$p" run counter_race_threads --policy guided --schedule s1:0*99
says err 'the run ended after'
check "guided run" 2 "$p" run counter_race_threads --policy guided
says err 'the policy guided needs --schedule'
check prefix 0 "$p" explore counter_lock_threads --schedule s1:0.1
says err 'exhausted: all'
check guided 0 "$p" explore counter_lock_threads --policy guided --schedule s1:0.1
says err 'sampled: 1 guided execution run'
check unguided 2 "$p" explore counter_lock_threads --policy guided
says err 'the policy guided needs --schedule'
check misguided 2 "$p" explore counter_lock_threads --schedule s1:0.7
says err 'choice 2 has'
check depth 2 "$p" explore counter_lock_threads --depth 2
says err '--depth says nothing to the policy auto'
check budget 1 "$p" explore counter_lock_threads -p threads=5 --policy dfs --budget 100ms
says err 'inconclusive: cut short after'
says err 'stopped by its budget of time'
check budget 0 "$p" explore counter_lock_threads --policy random --budget 100ms
says err 'stopped by its budget of time'
check no_budget 2 "$p" explore counter_lock_threads --budget 3
says err "--budget: '3' is not a duration"
# A background job of a shell without job control ignores SIGINT; timeout gives it back.
# In the foreground it sends the signal once; the second Ctrl-C would end the program at once.
check by_hand 1 timeout --foreground -s INT --preserve-status 0.5 "$p" explore counter_lock_threads \
    -p threads=5 --policy dfs
says err 'stopped by Ctrl-C'

# The parts of a search, in one go, or one by one and put together.
for policy in dfs pb random pct; do
    check "whole by $policy" 0 "$p" explore counter_lock_threads --policy $policy
    head -n 1 err >whole.txt
    for jobs in 1 2 3; do
        check "$jobs jobs of $policy" 0 "$p" explore counter_lock_threads --policy $policy \
            --jobs $jobs
        head -n 1 err | cmp -s - whole.txt || { echo "$name differ:"; cat err whole.txt; failed=1; }
    done
    for shard in 1 2 3; do
        check "shard $shard of $policy" 0 "$p" explore counter_lock_threads --policy $policy \
            --shard $shard/3 --report part_$shard.report
        says err "counter_lock_threads, shard $shard of 3: "
    done
    check "merge of $policy" 0 "$p" merge part_3.report part_1.report part_2.report \
        --report whole.report
    head -n 1 err | cmp -s - whole.txt || { echo "$name differs:"; cat err whole.txt; failed=1; }
    check "merge of $policy" 0 "$p" merge part_2.report part_3.report part_1.report \
        --report again.report
    cmp -s whole.report again.report || { echo "$name: the order of reports matters"; failed=1; }
    check "jobs of $policy" 0 "$p" explore counter_lock_threads --policy $policy --jobs 3 \
        --report again.report
    cmp -s whole.report again.report || { echo "$name: jobs and shards differ"; failed=1; }
done
for i in 1 2 3 4 5; do
    check jobs 1 "$p" explore counter_race_threads --policy random --seed 7 --jobs 2 --trace jobs.trace
    grep -E '^(counter_race_threads|found|schedule):? ' err >jobs_$i.txt
    cmp -s jobs_1.txt jobs_$i.txt || { echo 'who ends first matters'; failed=1; }
done
says jobs_1.txt 'found: lost-update'
check part 1 "$p" merge part_1.report part_2.report
says err 'counter_lock_threads, 2 of 3 shards: inconclusive: cut short after 667 executions'
says err '1 of 3 shards missing'
"$p" explore counter_lock_threads --shard 1/3 --report part_1.report 2>err
check part 1 "$p" merge part_1.report
says err 'inconclusive: cut short after'
says err '2 of 3 shards missing'
check twice 2 "$p" merge part_1.report part_1.report
says err 'part_1.report: shard 1 of 3 is there twice'
check mixed 2 "$p" merge part_1.report part_2.report
says err 'it is of another search'
check no_part 2 "$p" merge part_1.report nowhere.report
says err 'nowhere.report: cannot read'
head -c 100 part_1.report >cut.report
check cut_part 2 "$p" merge cut.report
says err 'the file ends in the middle'
check no_reports 2 "$p" merge --report x.report
absent x.report
check nothing 2 "$p" explore counter_lock_threads --policy fifo --shard 2/2
says err 'nothing was executed'
check bad_shard 2 "$p" explore counter_lock_threads --shard 4/3
says err "--shard: '4/3' is not I/N"
check both 2 "$p" explore counter_lock_threads --shard 1/3 --jobs 2
says err 'exclude each other'
check undivided 2 "$p" explore counter_lock_threads --policy portfolio --jobs 2
says err 'cannot be divided'
rm -f ./*.report
check jobs_by_hand 1 timeout --foreground -s INT --preserve-status 0.5 "$p" explore counter_lock_threads \
    -p threads=5 --policy dfs --jobs 2
says err 'stopped by Ctrl-C'
check jobs_budget 1 "$p" explore counter_lock_threads -p threads=5 --policy dfs --jobs 2 --budget 200ms
says err 'stopped by its budget of time'

check replay 1 "$p" replay found.trace
says err 'the same run, byte for byte'
sed 's/^\(e 0 [0-9]* write .* \)1 \([0-9]*\)$/\13 \2/' found.trace >changed.trace
check differs 1 "$p" replay changed.trace
says err 'differs first at event'
sed 's/^schedule .*/schedule s1:0/' found.trace >short.trace
check short 1 "$p" replay short.trace
says err 'the schedule ends before the run does'

check render 0 "$p" render found.trace -o a.png
check render 0 env -u DISPLAY HOME=/nonexistent "$p" render found.trace -o b.png
cmp -s a.png b.png || { echo 'the same trace gives two pictures'; failed=1; }
check render 0 "$p" render found.trace -o c.svg
says c.svg '<title>adder 1 overwrote'
says c.svg 'role="img"'
check time 0 "$p" render found.trace -o t.png --axis time
check axis 2 "$p" render found.trace -o t.png --axis space
says err "--axis: 'space' is none of step, time"
check text 0 "$p" render found.trace --format text
says out 'LOST UPDATE: adder 1 overwrote'
check text 0 "$p" render found.trace -o d.txt
cmp -s out d.txt && { echo 'a file that is named gets no text'; failed=1; }
says d.txt 'LOST UPDATE: adder 1 overwrote'
check narrow 0 "$p" render found.trace -o d.txt --width 60
check ascii 0 "$p" render found.trace --format ascii --width 60
LC_ALL=C grep -q '[^ -~]' out && { echo 'ASCII text has other characters'; failed=1; }

# What is wrong is told, with status 2, and nothing is left behind.
check none 2 "$p"
check unknown 2 "$p" fly
says err "there is no command 'fly'"
check scenario 2 "$p" run nothing
says err "there is no scenario 'nothing'"
check option 2 "$p" run counter_race --fly
says err "run has no option '--fly'"
check value 2 "$p" run counter_race --seed
says err '--seed needs a value'
check number 2 "$p" run counter_race --seed 1x
says err "--seed: '1x' is not a whole number"
check bad_parameter 2 "$p" run counter_race -p tasks=-1
says err "parameter tasks: '-1' is not a whole number from"
check no_parameter 2 "$p" run counter_race -p fish=1
says err "has no parameter 'fish'"
check bad_schedule 2 "$p" run counter_race_threads --schedule s1:0..1
says err '--schedule: column 6'
check diverges 2 "$p" run counter_race_threads --schedule s1:9
says err 'the run differs from the schedule: choice 1'
check missing 2 "$p" replay nowhere.trace
says err 'nowhere.trace: cannot read: No such file'
head -c 300 found.trace >cut.trace
check cut 2 "$p" render cut.trace -o cut.png
says err 'cut.trace:'
absent cut.png
check kind 2 "$p" render found.trace -o picture.gif
says err 'ends in one of .png, .svg, .txt, '
check wide 2 "$p" render found.trace -o wide.txt --width 960
says err '--width: 960 is not from 40 to 400'
absent wide.txt
check narrow 2 "$p" render found.trace -o d.png --width 100
says err '--width: 100 is not from 480 to 4000'
check format 2 "$p" render found.trace --format gif
says err "--format: 'gif' is none of png, svg, text, ascii"
check only 0 "$p" render found.trace --format text --only 'adder 2'
says out 'and 2 others, left out'
check only 0 "$p" render found.trace -o only.png --only 'adder 2' --only 'adder 1' --steps 3..8
check only 2 "$p" render found.trace -o no.png --only adder
says err "found.trace: no task or thread of the trace is called 'adder'; there are MainThread, adder 1,"
check range 2 "$p" render found.trace -o no.png --steps 3..1000
says err 'found.trace: the trace has no step 1000'
for range in 8..3 0..3 3 .. 3-8 3..x 99999999999..; do
    check "range $range" 2 "$p" render found.trace -o no.png --steps $range
    says err "--steps: '$range' is no range of steps"
done
check part 2 "$p" render found.trace -o no.json --steps 3..8
says err '--only and --steps are for pictures and text'
absent no.png no.json
check nowhere 2 "$p" render found.trace --format png
says err 'needs -o FILE'
check folder 2 "$p" run counter_lock_threads --png nowhere/x.png
says err 'nowhere/x.png: cannot write'
check folder 2 "$p" run counter_lock_threads --trace nowhere/x.trace
says err 'nowhere/x.trace: cannot write'
check fonts 2 env PICKGLASS_FONTS=/nonexistent "$p" render found.trace -o f.png
says err '/nonexistent/DejaVuSans.ttf: cannot load the font'
absent f.png
check no_display 2 env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER timeout 20 "$p" show found.trace
[ -w /dev/full ] && {
    status=0
    "$p" list >/dev/full 2>err || status=$?
    [ "$status" = 2 ] || { echo "a full device is not noticed: $status"; failed=1; }
}
for file in ./*.??????; do
    case $file in *.trace | ./'*'*) ;; *) absent "$file" ;; esac
done
exit $failed
