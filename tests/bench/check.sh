#!/usr/bin/env bash
# What `check` costs beside `redact`: CPU seconds of both for the same dossier with -j 1, in turn (A B A B ...), so that a noisy machine wrongs both
# alike. First as applicants write it, then as redact masked it.
#
# usage: tests/bench/check.sh [PAGES [ROUNDS [SEED]]]        (40 pages, 1 round)
#   BLINDFOLD, PAGEMAKER   the programs (default: those of build/release)
#   CAPTURES               of the pages, divided by commas (default clean,scan,photo,gray)
# Status 1 when check takes more than 1.1 times redact's CPU time. Wants GNU time.
set -euo pipefail
pages=${1:-40} rounds=${2:-1} seed=${3:-4711}
root=$(cd "$(dirname "$0")/../.." && pwd)
blindfold=${BLINDFOLD:-$root/build/release/blindfold}
pagemaker=${PAGEMAKER:-$root/build/release/samples/make-pages}
for tool in /usr/bin/time "$blindfold" "$pagemaker"; do
    command -v "$tool" >/dev/null || { echo "check: $tool is missing" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$pagemaker" --seed "$seed" --packages 1 --pages "$pages" --captures "${CAPTURES:-clean,scan,photo,gray}" --out "$work"

# LOG COMMAND...: appends "user system wall" to the log.
measured() {
    local log=$1 status=0
    shift
    /usr/bin/time -q -a -o "$log" -f '%U %S %e' "$@" >/dev/null 2>&1 || status=$?
    # 1: something was held, or found.
    [ "$status" -le 1 ] || { echo "check: $1 $2 ended with status $status" >&2; exit 2; }
}
name=$(sed -n '2s/^[^,]*,\([^,]*\).*/\1/p' "$work/roster.csv")
for _ in $(seq "$rounds"); do
    rm -rf "$work/out"
    measured "$work/redact" "$blindfold" redact -n "$name" --id A0001 -o "$work/out" -j 1 --progress never "$work/in/A0001.zip"
    measured "$work/check" "$blindfold" check -n "$name" -j 1 "$work/in/A0001.zip"
    rm -rf "$work/again"
    measured "$work/redact-masked" "$blindfold" redact -n "$name" --id A0001 -o "$work/again" -j 1 --progress never "$work"/out/*/A0001.zip
    measured "$work/check-masked" "$blindfold" check -n "$name" -j 1 "$work"/out/*/A0001.zip
done
mean() { awk '{ s += $1 + $2 } END { printf "%.2f", s / NR }' "$1"; }
status=0
# TITLE REDACT CHECK
tell() {
    awk -v title="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%s: redact %.2f s, check %.2f s CPU: %.2f\n", title, a, b, b / a; exit b > 1.1 * a }' || status=1
}
tell "$pages pages, seed $seed" "$(mean "$work/redact")" "$(mean "$work/check")"
tell "the same, masked" "$(mean "$work/redact-masked")" "$(mean "$work/check-masked")"
exit "$status"
