#!/bin/sh
# The real window on a virtual screen, driven by real keys and a real mouse.
# window.sh PROGRAM FOLDER-OF-THIS, in a folder of its own.
set -eu
program=$1
. "$2/screen.sh"

# It opens, saves a picture, closes its help before itself, and leaves its state behind.
open_window deadlock_abba
press Left Left Right n n Home End w w d a s f t
xdotool click 4 click 4 click 5 mousedown 1 mousemove_relative 80 20 mouseup 1 click 1
press p
await 'the picture that P saves' test -s pickglass.png
[ "$(head -c 4 pickglass.png | tail -c 3)" = PNG ]
after 'help 1' question
after 'help 0' Escape
close_window q
says 'theme dark'
says 'help 0'
says 'size 1280 800'

# 10,000 tasks, played for a moment, at another size.
open_window counter_race
press Home
xdotool windowsize "$id" 1100 700
resized()
{
    settle
    [ "$(fact size)" = '1100 700' ]
}
await 'a smaller window' resized
press space
plays()
{
    settle
    [ "$(fact step)" -gt 2 ]
}
await 'some steps played' plays
says 'playing 1'
after 'playing 0' space
close_window Escape
says 'size 1100 700'

# Part of a run, by time, dark.
open_window deadlock_abba --only 'A to B' --steps 6..12 --theme dark
says 'theme dark'
says 'lanes 1 of 3'
says 'hidden: B to A'
from=$(fact left)
[ "${from%.*}" -ge 4 ]
close_window q

# Larger from the beginning.
open_window deadlock_abba --window-scale 105
says 'scale 1.050'
says 'size 1280 800'
click 'button R'
says 'height 15'
close_window q

# What is asked for and not there is an error, and no window.
status=0
"$program" show deadlock_abba --only nobody 2>error || status=$?
[ $status -eq 2 ] && grep -q "no task or thread of the trace is called 'nobody'" error
status=0
"$program" show deadlock_abba --explore --policy none 2>error || status=$?
[ $status -eq 2 ] && grep -q "'none' is no policy of a search" error
echo 'the window obeys'
