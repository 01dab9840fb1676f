#!/usr/bin/env bash
# Instructions of our own hot loops on one drawn page: the same on a busy machine as on a quiet one, but for a few in ten thousand. Millions, a
# loop each, with all that it calls.
#
# usage: tests/bench/instructions.sh
#   LOOPS, PAGEMAKER   the programs (default: those of build/release)
#   BASELINE           another bench-loops, for instance of the commit before: status 1 when a loop takes more than 1.1 times its instructions
# Wants valgrind.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
loops=${LOOPS:-$root/build/release/tests/bench-loops}
pagemaker=${PAGEMAKER:-$root/build/release/samples/make-pages}
for tool in valgrind callgrind_annotate "$loops" "$pagemaker" ${BASELINE:+"$BASELINE"}; do
    command -v "$tool" >/dev/null || { echo "instructions: $tool is missing" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$pagemaker" --seed 4711 --page --kind plain --capture clean --out "$work/page.jpg" >/dev/null

# PROGRAM NAME: a line "loop instructions" each.
count() {
    valgrind -q --tool=callgrind --callgrind-out-file="$work/$2.out" "$1" "$work/page.jpg" >/dev/null
    callgrind_annotate --inclusive=yes --threshold=100 "$work/$2.out" | tr -d , | awk '
        match($0, /:bf_(jpeg_decode|picture_scale|line_crop|measure_text|unread_ink|jpeg_mask|jpeg_verify)( |$)/) {
            loop = substr($0, RSTART + 1, RLENGTH - 1); sub(/ .*/, "", loop)
            if (!(loop in seen)) print loop, $1
            seen[loop] = 1
        }' | sort >"$work/$2"
    [ -s "$work/$2" ] || { echo "instructions: $1 told no loop" >&2; exit 2; }
}

count "$loops" now
[ -z "${BASELINE-}" ] || count "$BASELINE" before
touch "$work/before"
awk '
    FILENAME == ARGV[1] { before[$1] = $2; next }
    {
        printf "%-18s %8.1f million", $1, $2 / 1e6
        if ($1 in before) {
            printf ", %.3f times the baseline", $2 / before[$1]
            slower = slower || $2 > 1.1 * before[$1]
        }
        print ""
    }
    END { exit slower }' "$work/before" "$work/now"
