#!/usr/bin/env bash
# What one more page costs in a running batch, in CPU milliseconds, as pages and batches differ: resolution, lines of text, pages in a
# package, forms of each name, threads. Of each row MANY pages and FEW are redacted, in turn; the difference is what the others cost, without
# start and first page.
#
# usage: tests/bench/cost.sh [ROUNDS [ROW ...]]        (1 round; all rows: dpi lines pages names threads)
#   BLINDFOLD, PAGEMAKER   the programs (default: those of build/release)
#   MANY, FEW              pages (16 and 4)
# Wants GNU time.
set -euo pipefail
rounds=${1:-1}
shift || true
[ $# -gt 0 ] || set -- dpi lines pages names threads
root=$(cd "$(dirname "$0")/../.." && pwd)
blindfold=${BLINDFOLD:-$root/build/release/blindfold}
pagemaker=${PAGEMAKER:-$root/build/release/samples/make-pages}
many=${MANY:-16} few=${FEW:-4}
for tool in /usr/bin/time "$blindfold" "$pagemaker"; do
    command -v "$tool" >/dev/null || { echo "cost: $tool is missing" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# DIR PACKAGES PAGES [OPTION ...]
draw() {
    local dir=$1 packages=$2 pages=$3
    shift 3
    "$pagemaker" --seed 4711 --packages "$packages" --pages "$pages" --out "$work/$dir" "$@"
}

# DIR JOBS: adds "CPU-seconds wall-seconds" to DIR.log
redact() {
    local status=0
    rm -rf "$work/out"
    /usr/bin/time -q -a -o "$work/$1.log" -f '%U %S %e' "$blindfold" redact -r "$work/$1/roster.csv" -o "$work/out" -j "$2" \
        --progress never "$work/$1/in" >/dev/null 2>&1 || status=$?
    [ "$status" -le 1 ] || { echo "cost: blindfold ended with status $status" >&2; exit 2; }
}

# WHAT JOBS MORE-PAGES: prints the row of the folders many and few.
row() {
    local i
    rm -f "$work/many.log" "$work/few.log"
    for ((i = 0; i < rounds; i++)); do
        redact many "$2"
        redact few "$2"
    done
    awk -v what="$1" -v pages="$(($3 * rounds))" -v sign=1 '
        FNR == 1 && NR > 1 { sign = -1 }
        { cpu += sign * ($1 + $2); wall += sign * $3 }
        END { printf "%-44s %6.0f ms CPU %6.0f ms wall a page\n", what, cpu * 1000 / pages, wall * 1000 / pages }' \
        "$work/many.log" "$work/few.log"
    rm -rf "$work/many" "$work/few"
}

# Both sizes of one package, and their row: WHAT [OPTION ...]
pages_row() {
    local what=$1
    shift
    draw many 1 "$many" "$@"
    draw few 1 "$few" "$@"
    row "$what" 1 $((many - few))
}

# Adds aliases to each row of the roster: N invented names.
with_aliases() {
    local dir names
    names=$(printf '%s\n' 欧岩川 祝舟禾 闵溪泽 卞青安 应洲言 柯朝岩 桑令川 阚知舟 晏砚禾 茅云溪 欧若泽 祝听青 闵亦安 卞南洲 应北言 柯川朝 | head -n "$1" | paste -sd ';')
    for dir in many few; do
        awk -F, -v OFS=, -v names="$names" 'NR > 1 { $3 = names } { print }' "$work/$dir/roster.csv" >"$work/roster"
        mv "$work/roster" "$work/$dir/roster.csv"
    done
}

plain=(--kinds plain --captures clean)
for group; do
    case $group in
    dpi)
        for dpi in 100 150 200 300; do pages_row "plain A4 at $dpi dpi, 27 lines" "${plain[@]}" --dpi "$dpi"; done ;;
    lines)
        for kind in title diploma notice plain paper list; do
            pages_row "$kind" --kinds "$kind" --captures clean
        done ;;
    pages)
        for packages in 1 4 16; do
            draw many "$packages" $((many / packages)) "${plain[@]}"
            draw few 1 1 "${plain[@]}"
            row "plain, packages of $((many / packages)) pages" 1 $((many - 1))
        done ;;
    names)
        for n in 0 1 4 16; do
            draw many 1 "$many" "${plain[@]}"
            draw few 1 "$few" "${plain[@]}"
            with_aliases "$n"
            row "plain, $n aliases" 1 $((many - few))
        done ;;
    threads)
        for jobs in 1 2 4; do
            draw many 1 "$many" "${plain[@]}"
            draw few 1 "$few" "${plain[@]}"
            row "plain, -j $jobs" "$jobs" $((many - few))
        done ;;
    *) echo "cost: no such row: $group" >&2; exit 2 ;;
    esac
done
