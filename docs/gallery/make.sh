#!/bin/sh
# Make gallery.md and its pictures from table.txt.   sh make.sh PICKGLASS TABLE OUT
#
# OUT gets gallery.md, gallery/*.svg, and kinds: the first finding of each picture.
set -eu
pickglass=$1
table=$2
out=$3
trace=$(mktemp)
trap 'rm -f "$trace"' EXIT

# draw NAME COMMAND...: findings are what the pictures are about.
draw()
{
    name=$1
    shift
    status=0
    "$pickglass" "$@" --svg "$out/gallery/$name.svg" --trace "$trace" >"$out/log" 2>&1 || status=$?
    [ "$status" -le 1 ] || { cat "$out/log" >&2; echo "gallery: $*: exit status $status" >&2; exit 1; }
    sed -n 's/^f \([a-z-]*\) .*/\1/p; T; q' "$trace" >>"$out/kinds"
}

mkdir -p "$out/gallery"
rm -f "$out"/gallery/*.svg "$out/kinds"
cat >"$out/gallery.md" <<'END'
# Gallery

What pictures of runs look like, and what to see in them. `./dev gallery` makes this page and its
pictures from [gallery/table.txt](gallery/table.txt); a test fails when they are out of date. The program
draws the same as PNG with `--png`, and one with a larger choice of views with `pickglass show`.
END
while read -r key value; do
    case $key in
    name) name=$value ;;
    title) title=$value ;;
    command)
        command=$value
        # shellcheck disable=SC2086 # the words of a command
        draw "$name" $command
        ;;
    see)
        printf '\n## %s\n\n    pickglass %s --svg %s.svg\n\n![%s](gallery/%s.svg)\n\n%s\n' \
            "$title" "$command" "$name" "$title" "$name" "$value" >>"$out/gallery.md"
        ;;
    esac
done <"$table"
rm -f "$out/log"
