#!/bin/sh
# A run, the choice that loses the update, the other branch, both runs, and a picture of them: with
# keys alone and with the mouse alone.   what_if.sh PROGRAM FOLDER-OF-THIS, in a folder of its own.
set -eu
program=$1
. "$2/screen.sh"

# The picture is as large as the window, twice.
check_picture()
{
    await 'the picture of both runs' test -s pickglass.png
    [ "$(head -c 24 pickglass.png | tail -c 8 | od -An -tu1 | tr -s ' ')" = ' 0 0 10 0 0 0 6 64' ] || {
        echo 'the picture has another size than 2560 by 1600'
        exit 1
    }
}

check_runs()
{
    says 'run 1: as recorded, finished'
    says 'run 2: after step 7: adder 2, not adder 1, finished'
    says 'run 2 differs from run 1 at step 8'
    says 'shown 1 above 2'
    says 'values: counter = 0'
}

# Keys alone: back from the end to the choice after adder 1 has read.
open_window counter_race_threads
press End
back()
{
    after 'step [0-9]*' shift+c
    [ "$(fact step)" = 7 ]
}
await 'the choice that loses the update' back
says 'option 1 taken: adder 1: write counter (no switch)'
says 'option 2: adder 2: goes on'
settle 2
check_runs
says 'finding 1 of 2'
press p
check_picture
close_window q

# The mouse alone, by the buttons and the panel.
open_window counter_race_threads
click 'button End'
mouse_back()
{
    click 'button Shift+C'
    [ "$(fact step)" = 7 ]
}
await 'the choice that loses the update, by mouse' mouse_back
click 'option 2'
check_runs
rm -f pickglass.png
click 'save'
check_picture
# The other run, and back to both.
click 'swap'
says 'walked 1'
click 'run 1'
says 'shown 1'
click 'run 2'
says 'shown 1 above 2'
close_window q

# The other way round: from a run that loses the update to one that does not; on a trace.
"$program" run counter_race_threads --trace race.trace --schedule 's1:0*3.1.0*2' >out 2>&1 ||
    [ $? -eq 1 ]
open_window race.trace
says 'finding 1 of 2'
await 'the choice that lost the update' back
says 'option 2 taken: adder 2: goes on'
after 'run 2: after step 7: adder 1, not adder 2, finished' 1
says 'finding 1 of 1'
after 'shown 2' b
after 'shown 1 above 2' b
after 'shown 1' k
close_window q
echo 'what if works by hand'
