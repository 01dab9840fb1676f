#!/usr/bin/env bash
# What a page costs: CPU seconds of blindfold -j 1, of the same with the networks as shipped, and of `tesseract -l chi_sim` on the same clean A4
# pages of 27 lines, in turn (A B C A B C ...), so that a noisy machine wrongs all alike; peak memory; and what a second thread gives.
#
# usage: tests/bench/speed.sh [PAGES [ROUNDS]]        (10 pages, 2 rounds)
#   BLINDFOLD, PAGEMAKER   the programs (default: those of build/release)
#   BASELINE               another blindfold, for instance of the commit before: measured in turn too; status 1 when this one takes more than
#                          1.1 times its CPU time
#   KIND, CAPTURE          other pages than plain ones (`make-pages --help`)
# Wants GNU time, unzip and tesseract with chi_sim.
set -euo pipefail
pages=${1:-10} rounds=${2:-2}
root=$(cd "$(dirname "$0")/../.." && pwd)
models=$root/models/fetched
blindfold=${BLINDFOLD:-$root/build/release/blindfold}
pagemaker=${PAGEMAKER:-$root/build/release/samples/make-pages}
for tool in /usr/bin/time unzip tesseract "$blindfold" "$pagemaker"; do
    command -v "$tool" >/dev/null || { echo "speed: $tool is missing" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$pagemaker" --seed 4711 --packages 1 --pages "$pages" --kinds "${KIND:-plain}" --captures "${CAPTURE:-clean}" --out "$work"
mkdir "$work/jpg"
unzip -q -j "$work/in/A0001.zip" -d "$work/jpg"

# Runs a command; appends "user system wall kilobytes" to a file.
measured() {
    local log=$1 status=0
    shift
    /usr/bin/time -q -a -o "$log" -f '%U %S %e %M' "$@" >/dev/null 2>&1 || status=$?
    # 1: something was held, which costs the same.
    [ "$status" -le 1 ] || { echo "speed: $1 ended with status $status" >&2; exit 2; }
}

# LOG JOBS [PROGRAM [MODELS]]
redact() {
    rm -rf "$work/out"
    measured "$1" "${3:-$blindfold}" redact -r "$work/roster.csv" -o "$work/out" -j "$2" --progress never --models "${4:-$models}" "$work/in"
}

# The fetched models without those that were made of others here.
leave_as_shipped() {
    local file
    mkdir "$work/shipped"
    cp "$models/../manifest.json" "$work/shipped/"
    for file in "$models"/*; do
        case $file in *_rewritten.*) ;; *) ln -s "$file" "$work/shipped/" ;; esac
    done
}

tesseract_all() {
    local page
    for page in "$work"/jpg/*; do
        OMP_THREAD_LIMIT=1 measured "$work/tesseract" tesseract "$page" stdout -l chi_sim
    done
}

leave_as_shipped
redact "$work/warm" 1
for ((i = 0; i < rounds; i++)); do
    redact "$work/one" 1
    redact "$work/slow" 1 "$blindfold" "$work/shipped"
    [ -z "${BASELINE-}" ] || redact "$work/base" 1 "$BASELINE"
    tesseract_all
    redact "$work/two" 2
done

awk -v pages=$((pages * rounds)) '
    { cpu[FILENAME] += $1 + $2; wall[FILENAME] += $3; if ($4 > peak[FILENAME]) peak[FILENAME] = $4 }
    END {
        one = ARGV[1]; two = ARGV[2]; tess = ARGV[3]; slow = ARGV[4]; base = ARGV[5]
        printf "blindfold -j 1: %.2f s CPU a page, %.2f s wall, %.0f MB at most\n", cpu[one] / pages, wall[one] / pages, peak[one] / 1024
        printf "tesseract:      %.2f s CPU a page, %.2f s wall, %.0f MB at most\n", cpu[tess] / pages, wall[tess] / pages, peak[tess] / 1024
        printf "as shipped:     %.2f s CPU a page, %.0f MB at most\n", cpu[slow] / pages, peak[slow] / 1024
        printf "tesseract takes %.1f times the CPU of blindfold, the networks as shipped %.1f times\n", cpu[tess] / cpu[one], cpu[slow] / cpu[one]
        printf "blindfold -j 2: %.2f s wall a page, %.2f times as fast as -j 1, %.0f MB at most\n", wall[two] / pages, wall[one] / wall[two], peak[two] / 1024
        if (base == "")
            exit
        printf "the baseline takes %.2f s CPU a page, %.2f times as much\n", cpu[base] / pages, cpu[base] / cpu[one]
        exit cpu[one] > 1.1 * cpu[base]
    }' "$work/one" "$work/two" "$work/tesseract" "$work/slow" ${BASELINE:+"$work/base"}
