# Pictures need no display, no fontconfig, no home, no place to write but their own, and are the same
# bytes whatever the environment.
set -u
p=$1
failed=0

fail()
{
    echo "$*"
    failed=1
}

# bare COMMAND...: in an environment with nothing in it, and what there is misleading.
bare()
{
    env -i HOME=/nonexistent XDG_CACHE_HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent TMPDIR=/nonexistent \
        FONTCONFIG_FILE=/nonexistent/fonts.conf FREETYPE_PROPERTIES='truetype:interpreter-version=35' \
        LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Kolkata ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$@"
}

chmod -R u+w . 2>/dev/null
rm -rf ./*
"$p" run semaphore_requests --trace run.trace >/dev/null 2>&1
for theme in light dark; do
    for kind in png svg html; do
        "$p" render run.trace -o usual.$kind --theme $theme || fail "$kind: exit status $?"
        bare "$p" render run.trace -o bare.$kind --theme $theme || fail "bare $kind: exit status $?"
        cmp usual.$kind bare.$kind || fail "$kind, $theme: the environment shows"
        bare "$p" render run.trace -o again.$kind --theme $theme
        cmp bare.$kind again.$kind || fail "$kind, $theme: not the same the second time"
    done
done

# From a folder in which nothing can be written.  (Root can, and so proves less.)
mkdir locked
cp run.trace locked
for format in text ascii html chrome dot mermaid markdown; do
    "$p" render run.trace --format $format >usual.out || fail "$format: exit status $?"
    (
        cd locked || exit 1
        chmod a-w .
        bare "$p" render run.trace --format $format
    ) >bare.out || fail "bare $format: exit status $?"
    cmp usual.out bare.out || fail "$format: the environment shows"
done
[ "$(ls locked)" = run.trace ] || fail "something was left in the folder: $(ls locked)"
chmod u+w locked

# No display is asked for, and no configuration of fonts.
if command -v strace >/dev/null && strace -o trace.log -f -e trace=openat,connect true 2>/dev/null; then
    strace -o trace.log -f -e trace=openat,connect "$p" render run.trace -o traced.png
    grep -E 'fonts\.conf|/fontconfig/|connect\(.*(X11|wayland)' trace.log && fail 'fontconfig or a display is asked'
fi
exit $failed
