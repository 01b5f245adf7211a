#!/bin/sh
# Run every scenario under Valgrind.   sh tests/valgrind.sh PROGRAM RUN_EACH FOLDER [JOBS]
#
# Any error or leak fails, also in runs that end in a deadlock or with tasks abandoned.  What a run
# finds is not the question here, so both 0 and 1 are good answers of the program.
set -u
program=$1 run_each=$2 folder=$3 jobs=${4:-2}
failed=0
valgrind='valgrind --quiet --error-exitcode=99 --leak-check=full
    --errors-for-leak-kinds=definite,indirect'

rm -rf "$folder"
mkdir -p "$folder"
names=$("$program" list | awk '{ print $1 }')
[ -n "$names" ] || exit 1
# shellcheck disable=SC2086 # a list of words
echo "$names" | xargs -P "$jobs" -n 16 $valgrind --log-file="$folder/%p.log" \
    "$run_each" "$folder" || failed=1

# check WHAT LOG ARGS...: of the program itself.
check()
{
    what=$1 log=$2
    shift 2
    status=0
    # shellcheck disable=SC2086
    $valgrind "$program" "$@" >"$log" 2>&1 || status=$?
    if [ $status -gt 1 ]; then
        echo "FAILED: $what: exit status $status"
        cat "$log"
        failed=1
    else
        echo "clean: $what"
    fi
}

# A search abandons thousands of runs; a picture and a replay read what a run left.
trace=$folder/deadlock_abba.trace
check 'explore deadlock_abba_threads' "$folder/explore.log" explore deadlock_abba_threads --all
check 'replay deadlock_abba' "$folder/replay.log" replay "$trace"
check 'render deadlock_abba' "$folder/render.log" render "$trace" -o "$folder/deadlock_abba.png"
exit $failed
