# A virtual screen, and hands for the window on it: keys and a mouse.  To be sourced, with the program
# in $program, in a folder of its own.  Exits with 77 where Xvfb or xdotool is missing.
for tool in Xvfb xdotool; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: no $tool"
        exit 77
    fi
done

rm -f pickglass.png screen.log state
: >display
# Without -noreset it starts anew when its last client goes, and refuses whoever comes just then; with
# -r a key that is held for long, on a slow machine, is not repeated.
timeout 800 Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp -noreset -r 3>display 2>screen.log &
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
        if [ $tries -gt 20000 ]; then
            echo "timed out: $what"
            exit 1
        fi
        sleep 0.01
    done
}

unset SDL_VIDEODRIVER WAYLAND_DISPLAY
# A slow window sees the second click of two long after the first; what is meant are two at one place.
export SDL_MOUSE_DOUBLE_CLICK_TIME=60000 SDL_MOUSE_DOUBLE_CLICK_RADIUS=4

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
    xdotool key --delay 5 "$@"
}

# Events are taken in order: when F12 has left the state, all that came before is done.
# settle KEY...: the keys, and then that.
settle()
{
    rm -f state
    press "$@" F12
    await 'a window that keeps up' test -s state
}

# A window that answers: SDL makes it anew while it opens, so that one that was found may be gone.
answers()
{
    id=$(xdotool search --name '^Pickglass' 2>/dev/null | tail -n 1)
    [ -n "$id" ] || return 1
    xdotool windowfocus "$id" mousemove --window "$id" 500 300 key F12 2>/dev/null || return 1
    tries_left=20
    until [ -s state ]; do
        tries_left=$((tries_left - 1))
        [ $tries_left -gt 0 ] || return 1
        sleep 0.02
    done
}

# state_says LINE: whether it does, for await; the state may be one that is older than the last F12.
state_says()
{
    grep -qx -- "$1" state 2>/dev/null
}

# While the window opens F12 may be pressed several times before it is answered, and what the others
# leave behind must not be taken for an answer to what follows: a speed that was not there before can
# only come after them.
open_window()
{
    rm -f state
    timeout 800 "$program" show "$@" --dump-state state &
    shown=$!
    await 'a window that answers' answers
    press plus F12
    await 'a window that has done all that was asked' state_says 'speed 8'
    settle minus
}

# says LINE: of the state, as it is now.
says()
{
    grep -qx -- "$1" state || {
        echo "the state does not say '$1', but:"
        cat state
        exit 1
    }
}

# after LINE KEY...: when they are pressed, the state says that.
after()
{
    line=$1
    shift
    settle "$@"
    says "$line"
}

# fact NAME: what the state says of it.
fact()
{
    sed -n "s/^$1 //p" state | head -n 1
}

# at PLACE: where the state says that it is, for xdotool.
at()
{
    place=$(sed -n "s/^place $1 at //p" state | head -n 1)
    [ -n "$place" ] || {
        echo "the state names no place '$1', but:" >&2
        grep '^place' state >&2
        exit 1
    }
    echo "$place"
}

# point PLACE, click PLACE, double_click PLACE: with the mouse, by the words of the state.
point()
{
    where=$(at "$1")
    # shellcheck disable=SC2086 # two numbers
    xdotool mousemove --window "$id" $where
}

click()
{
    where=$(at "$1")
    rm -f state
    # shellcheck disable=SC2086 # two numbers
    xdotool mousemove --window "$id" $where click 1 key F12
    await 'a window that keeps up with the mouse' test -s state
}

double_click()
{
    point "$1"
    settle_clicks
}

# settle_clicks: two clicks where the pointer is, at a place that was not clicked just before.
settle_clicks()
{
    xdotool click --repeat 2 --delay 40 1
    settle
}

# It ends with 0 when it is told to.
closes()
{
    ! kill -0 $shown 2>/dev/null
}

# close_window KEY: and it leaves its state behind.
close_window()
{
    press "$1"
    await 'the end of the window' closes
    status=0
    wait $shown || status=$?
    [ $status -eq 0 ] || {
        echo "it exited with $status"
        exit 1
    }
}
