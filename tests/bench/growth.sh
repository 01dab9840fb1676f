#!/usr/bin/env bash
# How a run grows: CPU milliseconds a package, and the largest memory of any of its processes, for more and more packages of one small page
# each, every person in one roster. What is wanted: the time of a package stays the same, and so does the memory.
#
# usage: tests/bench/growth.sh [PACKAGES ...]        (10 100 1000)
#   BLINDFOLD, PAGEMAKER   the programs (default: those of build/release)
# Wants GNU time and zip.
set -euo pipefail
[ $# -gt 0 ] || set -- 10 100 1000
root=$(cd "$(dirname "$0")/../.." && pwd)
blindfold=${BLINDFOLD:-$root/build/release/blindfold}
pagemaker=${PAGEMAKER:-$root/build/release/samples/make-pages}
for tool in /usr/bin/time zip "$blindfold" "$pagemaker"; do
    command -v "$tool" >/dev/null || { echo "growth: $tool is missing" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$pagemaker" --seed 4711 --page --kind id-back --capture small --out "$work/page.jpg" >/dev/null

# Person N's name: invented, and no two alike.
name_of() {
    local family=(欧 祝 闵 卞 应 柯 桑 阚 晏 茅) first=(朝 令 知 砚 云 若 听 亦 南 北) second=(岩 川 舟 禾 溪 泽 青 安 洲 言)
    local n=$1
    printf '%s%s%s' "${family[n / 100 % 10]}" "${first[n / 10 % 10]}" "${second[n % 10]}"
}

for packages in "$@"; do
    dir=$work/$packages
    mkdir -p "$dir/in"
    echo id,name,package >"$dir/roster.csv"
    (cd "$work" && zip -q "$dir/one.zip" page.jpg)
    for ((i = 0; i < packages; i++)); do
        printf 'A%04d,%s,A%04d.zip\n' "$i" "$(name_of "$i")" "$i" >>"$dir/roster.csv"
        cp "$dir/one.zip" "$dir/in/$(printf 'A%04d.zip' "$i")"
    done
    status=0
    /usr/bin/time -q -o "$work/time" -f '%U %S %M' "$blindfold" redact -r "$dir/roster.csv" -o "$dir/out" -j 1 --progress never "$dir/in" >"$work/log" 2>&1 || status=$?
    [ "$status" -le 1 ] || { tail -3 "$work/log" >&2; exit 2; }
    awk -v n="$packages" '{ printf "%5d packages: %.1f s CPU, %.0f ms a package, %.0f MB at most\n", n, $1 + $2, ($1 + $2) * 1000 / n, $3 / 1024 }' "$work/time"
    rm -rf "$dir"
done
