#!/usr/bin/env bash
# A batch of eight packages with eight threads under ThreadSanitizer, with the real readers and page processes. Builds build/tsan and
# the release's page maker. Exit status 0: no race. Takes two minutes of CPU, four with the build; no ctest, for that reason.
#
# usage: tests/tsan.sh [PACKAGES]    default 8; fewer than 8 leave threads without work
#
# GLib's allocator of small blocks has locks that ThreadSanitizer does not see (tsan.supp), hence always-malloc. Without the sandbox, which keeps
# ThreadSanitizer from the symbols by which tsan.supp names GLib's functions.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=${1:-8}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --preset release -Wno-dev >/dev/null
cmake --build --preset release --target make-pages >/dev/null
cmake --preset tsan -Wno-dev >/dev/null
cmake --build --preset tsan --target blindfold >/dev/null
build/release/samples/make-pages --seed 4 --packages "$packages" --pages 1 --captures clean --kinds summary --out "$work" >/dev/null

export LC_ALL=C.UTF-8 G_SLICE=always-malloc
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp print_suppressions=0 exitcode=66"
status=0
build/tsan/blindfold redact -r "$work/roster.csv" -o "$work/OUT" -j 8 --progress never --sandbox off "$work/in" 2>"$work/said" || status=$?
cat "$work/said" >&2
fail() {
    echo "tsan: $*" >&2
    exit 1
}
if [ "$status" -gt 1 ] || grep -q ThreadSanitizer "$work/said"; then fail "races, or the batch failed (status $status)"; fi
[ "$(find "$work/OUT/packages" "$work/OUT/held" -name '*.zip' | wc -l)" -eq "$packages" ] || fail "packages are missing"
echo "tsan: $packages packages with 8 threads: no race"
