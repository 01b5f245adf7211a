#!/bin/sh
# The real window on a virtual screen, driven by real keys and a real mouse.
# window.sh PROGRAM, in a folder of its own.  Exits with 77 where Xvfb or xdotool is missing.
set -eu
program=$1
for tool in Xvfb xdotool; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: no $tool"
        exit 77
    fi
done

rm -f pickglass.png screen.log state
: >display
# Without -noreset it starts anew when its last client goes, and refuses whoever comes just then.
timeout 100 Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp -noreset 3>display 2>screen.log &
screen=$!
shown=
trap 'kill $screen $shown 2>/dev/null || true' EXIT

# await WHAT COMMAND...: until it succeeds, or for so long that it never will.
await()
{
    what=$1
    shift
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        if [ $tries -gt 200 ]; then
            echo "timed out: $what"
            exit 1
        fi
        sleep 0.1
    done
}

unset SDL_VIDEODRIVER WAYLAND_DISPLAY

# The number of the screen is whole once its line has ended, and a screen is there once it answers.
has_screen()
{
    [ "$(wc -l <display)" -gt 0 ] || return 1
    DISPLAY=:$(cat display)
    export DISPLAY
    xdotool getdisplaygeometry >/dev/null 2>&1
}

await 'a screen' has_screen

# press KEY...: to whichever window has the focus, of which there is one.
press()
{
    xdotool key --delay 20 "$@"
}

has_window()
{
    xdotool search --name '^Pickglass' >window 2>/dev/null && [ -s window ]
}

has_focus()
{
    [ "$(xdotool getwindowfocus 2>/dev/null)" = "$id" ] || {
        xdotool windowfocus "$id" 2>/dev/null
        return 1
    }
}

# Events are taken in order: when P has left its picture, all that came before is done.
settle()
{
    rm -f pickglass.png
    press p
    await 'a window that keeps up' test -s pickglass.png
    rm -f pickglass.png
}

open_window()
{
    timeout 60 "$program" show "$@" &
    shown=$!
    await 'a window' has_window
    id=$(head -n 1 window)
    xdotool windowfocus "$id" 2>/dev/null || true
    xdotool mousemove --window "$id" 500 300
    await 'a window with the focus' has_focus
    settle
}

# says LINE: of the state that the window leaves behind.
says()
{
    grep -qx -- "$1" state || {
        echo "the state does not say '$1', but:"
        cat state
        exit 1
    }
}

# It ends with 0 when it is told to.
closes()
{
    ! kill -0 $shown 2>/dev/null
}

open_window deadlock_abba --dump-state state
press Left Left Right n n Home End w w d a s f t
xdotool click 4 click 4 click 5 mousedown 1 mousemove_relative 80 20 mouseup 1 click 1
press p
await 'the picture that P saves' test -s pickglass.png
[ "$(head -c 4 pickglass.png | tail -c 3)" = PNG ]
press question Escape
sleep 0.3
kill -0 $shown || { echo 'Escape closed the window while it closed the help'; exit 1; }
press q
await 'the end of the window' closes
status=0
wait $shown || status=$?
[ $status -eq 0 ] || { echo "it exited with $status"; exit 1; }

says 'theme dark'
says 'help 0'
says 'size 1280 800'

# Every step forward from the first is one.
open_window deadlock_abba --dump-state state
press Home Right Right Right f q
await 'the end of a window that was stepped through' closes
says 'step 4'
says 'actor Task-1'
says 'left 0.000'
says 'created, not yet run: B to A'

# From task to task, and how everything stands there.
open_window deadlock_abba --dump-state state
press Home shift+Right shift+Right shift+Right q
await 'the end of a window that was walked from task to task' closes
says 'step 10'
says 'running: B to A'
says 'waiting: A to B: sleeps until 10 ms'
says 'locks and the like: lock A: held by A to B'

# What if B to A went first?  By keys alone, on a scenario; the picture is of both runs.
rm -f pickglass.png
open_window deadlock_abba --level any --dump-state state
press Home c 2
press p
await 'the picture of both runs' test -s pickglass.png
press q
await 'the end of a window with another run' closes
says 'run 2: after step 5: B to A, not A to B, stuck'
says 'run 2 differs from run 1 at step 6'
says 'shown 1 above 2'
says 'step 6'

# The same by the mouse alone, on a trace: the step in its lane, the option, the other run.
"$program" run counter_race_threads --trace race.trace --policy guided --schedule s1: >out 2>&1 ||
    [ $? -eq 1 ]
open_window race.trace --dump-state state
lanes=$((112 + 30 + 15))
xdotool mousemove --window "$id" 440 $lanes click 1
settle
xdotool mousemove --window "$id" 1100 188 click 1
settle
press q
await 'the end of a window with another run of a trace' closes
says 'run 2: after step 7: adder 2, not adder 1, finished'
says 'run 2 differs from run 1 at step 8'
says 'shown 1 above 2'

# 10,000 tasks, played for a moment, at another size.
open_window counter_race --dump-state state
press Home
xdotool windowsize "$id" 1100 700
press space
sleep 1
press space Escape
await 'the end of the second window' closes
status=0
wait $shown || status=$?
[ $status -eq 0 ] || { echo "it exited with $status"; exit 1; }
says 'size 1100 700'
says 'playing 0'
grep -qx 'step [1-9][0-9]*' state && ! grep -qx 'step 1' state || {
    echo 'nothing was played:'
    cat state
    exit 1
}
echo 'the window obeys'
