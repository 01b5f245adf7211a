# docs/gallery.md and its pictures are up to date.   sh gallery.sh PICKGLASS ROOT
set -u
p=$1
root=$2
failed=0

fail()
{
    echo "$*"
    failed=1
}

rm -rf ./*
sh "$root/docs/gallery/make.sh" "$p" "$root/docs/gallery/table.txt" . || exit 1
cmp gallery.md "$root/docs/gallery.md" || failed=1
for picture in gallery/*.svg; do
    cmp "$picture" "$root/docs/$picture" || failed=1
done
for picture in "$root"/docs/gallery/*.svg; do
    [ -e "gallery/${picture##*/}" ] || fail "$picture is not in the gallery any more"
done

# Three sentences to each, and every kind of finding that the recorded runs begin with.
grep '^see ' "$root/docs/gallery/table.txt" | while read -r _ words; do
    sentences=$(printf '%s\n' "$words" | grep -oE '[A-Za-z0-9)][.]( |$)' | wc -l)
    [ "$sentences" -eq 3 ] || { echo "$sentences sentences: $words"; exit 1; }
done || failed=1
for trace in "$root"/tests/golden/traces/*.trace; do
    kind=$(sed -n 's/^f \([a-z-]*\) .*/\1/p; T; q' "$trace")
    [ -z "$kind" ] || grep -qx "$kind" kinds || fail "${trace##*/}: no picture shows $kind"
done
[ "$(ls gallery | wc -l)" -ge 10 ] || fail 'there are fewer than ten pictures'
[ $failed = 0 ] || echo 'run ./dev gallery, and look at what has changed'
exit $failed
