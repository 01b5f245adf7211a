#!/bin/sh
# Every key and every movement of the mouse does what the help says.
# keys.sh PROGRAM FOLDER-OF-THIS, in a folder of its own.
set -eu
program=$1
. "$2/screen.sh"

# greater A B: of numbers with a fraction.
greater()
{
    awk "BEGIN { exit !($1 > $2) }" || {
        echo "$1 is not greater than $2"
        exit 1
    }
}

open_window deadlock_abba --level any

# By step, by task, by steps of the task, to the ends.
after 'step 1' Home
after 'step 4' Right Right Right
says 'actor Task-1'
says 'ready to run, in order: B to A: created, not yet run'
after 'step 3' Left
after 'step 10' Home shift+Right shift+Right shift+Right
says 'running: B to A'
says 'waiting: A to B: sleeps until 10 ms'
says 'locks and the like: lock A: held by A to B'
after 'step 6' shift+Left
after 'step 7' ctrl+Right
says 'actor A to B'
after 'step 6' ctrl+Left
settle End
last=$(fact step)
after "step $((last - 1))" Left

# Findings, choices, arrows.
after 'finding 1 of 1' Home n
first=$(fact step)
after "step $first" n shift+n
after 'step 5' Home c
says 'option 1 taken: A to B: goes on'
settle Home c c
second=$(fact step)
[ "$second" -gt 5 ]
after 'step 5' shift+c
after 'actor A to B' Home Right Right bracketright
after 'step 3' bracketleft
says 'actor Task-1'
after 'message Nobody woke it before this step.' Home Right bracketleft

# Zoom, pan, fit; the wheel zooms where the pointer is.
settle f
fitting=$(fact zoom)
settle w w w
greater "$(fact zoom)" "$fitting"
left=$(fact left)
settle d d
greater "$(fact left)" "$left"
after "left $left" a a
settle s
after 'left 0.000' f
xdotool mousemove --window "$id" 700 300 click 4 click 4 click 4
settle
greater "$(fact zoom)" "$fitting"
left=$(fact left)
greater "$left" 0
xdotool mousedown 1 mousemove_relative -- -40 0 mouseup 1
settle
greater "$(fact left)" "$left"
# The map: what is clicked is shown.
press w w w w w w
xdotool mousemove --window "$id" 160 100 click 1
settle
says 'left 0.000'
xdotool mousemove --window "$id" 160 100 mousedown 1 mousemove_relative 300 0 mouseup 1
settle
greater "$(fact left)" 1
press f

# A click selects; two zoom to the span.
settle
point 'lane A to B'
xdotool mousemove_relative 700 0 click 1
settle
says 'actor A to B'
before=$(fact zoom)
xdotool mousemove_relative 12 0
settle_clicks
greater "$(fact zoom)" "$before"
press f

# Search: tasks, objects, events.
press slash
xdotool type --delay 5 'lock b'
settle
says 'search 1: lock b'
says 'found 1 picked: lock lock B'
after 'found 2 picked: .*' Down
after 'search 0: lock b' Return
step=$(fact step)
settle F3
[ "$(fact step)" != "$step" ]
after "step $step" shift+F3
press slash
after 'search 1: lock' BackSpace BackSpace
after 'search 0: lock' Escape
press slash
xdotool type --delay 5 'x nothing'
after 'message Nothing has that.' Return

# Pin and hide lanes, with keys and with the mouse.
click 'lane B to A'
xdotool mousemove_relative 300 0 click 1
settle
after 'pinned: B to A' i
after 'lanes 2 of 3' Home Right h
says 'hidden: Task-1'
after 'lanes 3 of 3' shift+h
settle shift+i
! grep -q '^pinned' state
point 'lane A to B'
settle
click 'hide A to B'
says 'hidden: A to B'
after 'lanes 3 of 3' shift+h

# Heights of lanes, with keys and with the mouse; what is searched beside what is faint; who waits for
# whom; and all of it larger, where the screen has room.
after 'height 15' r
after 'height 4' r r
after 'height 30' shift+r shift+r
click 'button Shift+R'
says 'height 54'
click 'button R'
says 'height 30'
says 'graph 1'
after 'graph 0' g
after 'graph 1' g
press slash
xdotool type --delay 5 'lock b'
settle
after 'faint 1' Return
says 'search 0: lock b'
after 'faint 0' Escape
after 'scale 1.250' ctrl+plus
says 'size 1024 640'
says 'speed 4'
click 'button R'
says 'height 15'
after 'scale 1.250' ctrl+plus
says 'message The screen has no room for larger letters.'
after 'scale 1.000' ctrl+minus
says 'speed 4'
after 'scale 1.000' ctrl+plus ctrl+0
after 'height 30' shift+r

# Theme, full screen, help, speeds.
after 'theme dark' t
after 'theme light' t
after 'full 1' F11
after 'full 0' F11
after 'help 1' question
after 'help 0' question
after 'speed 16' plus plus
after 'speed 1' minus minus minus minus
# So slowly that it cannot have come to the end before it pauses.
press Home space
played()
{
    settle
    [ "$(fact step)" -gt 1 ]
}
await 'a step played' played
says 'playing 1'
after 'playing 0' space
close_window q
echo 'the keys do what they say'
