#!/bin/sh
# The tree of choices: explored, browsed, a failing run opened, with keys and with the mouse.
# tree.sh PROGRAM FOLDER-OF-THIS, in a folder of its own.
set -eu
program=$1
. "$2/screen.sh"

explored()
{
    settle
    grep -q '^tree 1 searched' state
}

open_window counter_race_threads --explore
await 'the end of the search' explored
says 'tree 1 searched: 69 runs, 30 fail'
says 'verdict: 69 runs: every way that the choices can go'
says 'branch 1 level 0 open: all runs: 30 of 69 fail'
# The first that fails is picked, and what leads there is open.
grep -q '^branch [0-9]* level [0-9]* picked: .*: 1 of 1 fail$' state
after 'run 2: explored, s1:0\*3.1.0\*2, finished' Return
says 'finding 1 of 2'
says 'shown 1 above 2'
says 'tree 0 searched: 69 runs, 30 fail'
after 'tree 1 searched: 69 runs, 30 fail' e
after 'branch 1 level 0 picked open: all runs: 30 of 69 fail' Home
after 'branch 1 level 0 picked closed: all runs: 30 of 69 fail' Left
[ "$(grep -c '^branch' state)" -eq 1 ]
after 'branch 1 level 0 picked open: all runs: 30 of 69 fail' Right
after 'branch 2 level 1 picked .*' Right
settle n
grep -q '^branch [0-9]* level [0-9]* picked: .*: 1 of 1 fail$' state
after 'tree 0 searched: 69 runs, 30 fail' Escape

# With the mouse: the button, a fold, a row, and the run of a row.
click 'button E'
says 'tree 1 searched: 69 runs, 30 fail'
click 'fold 1'
says 'branch 1 level 0 picked closed: all runs: 30 of 69 fail'
click 'fold 1'
click 'branch 3'
grep -q '^branch 3 level [0-9]* picked' state
double_click 'branch 2'
says 'tree 0 searched: 69 runs, 30 fail'
close_window q

# A search of very many runs is stopped by hand.
open_window bounded_buffer --level any --explore --executions 1000000000
busy()
{
    settle
    grep -q '^tree 1 search.*: [1-9]' state
}
await 'a search that runs' busy
press x
await 'the end of a search that was stopped' explored
says 'verdict: [0-9]* runs, and there are more: the search was stopped'
close_window q
echo 'the tree can be browsed'
