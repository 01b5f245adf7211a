# The formats for other programs: each is what its readers expect, for every scenario.
set -u
p=$1
here=$2/tests/cli
failed=0

fail()
{
    echo "$*"
    failed=1
}

rm -rf ./*
command -v python3 >/dev/null || { echo 'python3 is missing'; exit 1; }
"$p" list | cut -d' ' -f1 >scenarios
least=50
if [ "${LIGHT:-0}" = 1 ]; then # every sixth, and those that are looked at closer
    sed -n -e '1~6p' -e '/^deadlock_abba$/p' -e '/^condition_wait_for$/p' scenarios | sort -u >some
    mv some scenarios
    least=10
fi
for scenario in $(cat scenarios); do
    case $scenario in
    counter_race | counter_lock) set -- -p tasks=30 ;;
    *) set -- ;;
    esac
    "$p" run "$scenario" "$@" --trace "$scenario.trace" >/dev/null 2>&1
    [ -s "$scenario.trace" ] || fail "$scenario: no trace"
    for format in chrome dot mermaid markdown html; do
        "$p" render "$scenario.trace" -o "$scenario.$format" --format $format ||
            fail "$scenario: cannot be rendered as $format"
    done
done
for format in chrome dot mermaid markdown html; do
    "$p" render deadlock_abba.trace --format $format | cmp -s - deadlock_abba.$format ||
        fail "$format is not the same on standard output"
done
python3 "$here/chrome.py" . $least || failed=1
python3 "$here/graphs.py" . $least || failed=1
python3 "$here/pages.py" . $least || failed=1
"$p" render deadlock_abba.trace --theme dark -o dark.html || fail 'no page in the dark'
grep -q 'color-scheme:dark;--background:#16191F' dark.html && grep -q 'fill="#16191F"' dark.html ||
    fail 'the page and its picture are not in the same colours'
"$p" render deadlock_abba.trace -o named.json || fail 'the ending .json is not known'
cmp -s named.json deadlock_abba.chrome || fail 'named.json is not what --format chrome gives'

# A name with everything in it that has a meaning somewhere.
nasty=$(printf 'o task 1 0 a"b\\\\c<d>&amp;{e}|f;\303\244\377%%[g]#h:i')
sed "s@^o task 1 [0-9]* A to B\$@$(printf '%s' "$nasty" | sed 's/[&\\]/\\&/g')@" deadlock_abba.trace >nasty.trace
cmp -s nasty.trace deadlock_abba.trace && fail 'the nasty name did not get into the trace'
mkdir nasty
mv nasty.trace nasty
for format in chrome dot mermaid markdown html; do
    "$p" render nasty/nasty.trace -o nasty/nasty.$format --format $format ||
        fail "nasty names cannot be rendered as $format"
done
python3 - <<'EOF' || failed=1
import json
events = json.load(open("nasty/nasty.chrome", encoding="utf-8"))["traceEvents"]
names = [e["args"]["name"] for e in events if e["name"] == "thread_name"]
nasty = 'a"b\\c<d>&amp;{e}|f;\u00e4\ufffd%[g]#h:i'
if nasty not in names:
    raise SystemExit(f"nasty.chrome: {nasty!r} is not in {names}")
EOF
python3 "$here/graphs.py" nasty 1 || failed=1
python3 "$here/pages.py" nasty 1 || failed=1
exit $failed
