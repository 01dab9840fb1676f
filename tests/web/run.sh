#!/usr/bin/env bash
# The review page in a real browser: draws a few invented packages, redacts them, and lets Chromium go through what was held.
# ctest calls it as web.review; by hand: BLINDFOLD=build/release/blindfold PAGEMAKER=build/release/samples/make-pages SCRATCH=DIR tests/web/run.sh
# Screenshots for people's eyes are left in SCRATCH/shots.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${BLINDFOLD:?the program}" "${PAGEMAKER:?the page maker}" "${SCRATCH:?a scratch folder}"
export LC_ALL=C.UTF-8
rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"/{in,shots}
cd "$SCRATCH"

[ -d "$here/node_modules/playwright-core" ] || npm --prefix "$here" ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || {
    cat npm.log
    exit 1
}

# page FILE KIND CAPTURE [FLAGS]: a page of the same person; prints the name.
page() {
    mkdir -p "$(dirname "$1")"
    "$PAGEMAKER" --page --seed 5150 --kind "$2" --capture "$3" --flags "${4-}" --out "$1"
    rm -f "${1%.*}.json"
}

# P1: three pages that should bear the name and do not, as scanned, turned and with an EXIF orientation; and one that bears it.
name=$(page P1/学历/毕业证1.jpg diploma clean no-name)
page P1/学历/毕业证2.jpg diploma rot90 no-name >/dev/null
page P1/学历/毕业证3.jpg diploma exif6 no-name >/dev/null
page P1/总结/总结.jpg summary clean >/dev/null
# P2: one page to be sent back, and one that cannot be opened.
page P2/学历/毕业证.jpg diploma clean no-name >/dev/null
mkdir -p P2/证书
printf '\377\330\377\340 no picture' >P2/证书/证书.jpg
# P3: released.
page P3/职称/职称证.jpg title clean >/dev/null
page P3/总结/总结.jpg summary clean >/dev/null
# T1: two pages without the name that are not upright, for --fix-orientation.
page T1/学历/毕业证1.jpg diploma exif6 no-name >/dev/null
page T1/学历/毕业证2.jpg diploma rot180 no-name >/dev/null
python3 "$here/../cli/whole.py" T1/学历/*.jpg
mkdir turned
(cd T1 && zip -qr ../turned/T1.zip .)
for p in P1 P2 P3; do (cd $p && zip -qr "../in/$p.zip" .); done
printf 'id,name\nP1,%s\nP2,%s\nP3,%s\n' "$name" "$name" "$name" >roster.csv
printf 'id,name\nT1,%s\n' "$name" >turned.csv
printf '%s' "$name" >name.txt
# redacted ROSTER OUT INPUTS [OPTION...]: something is held, as it should be.
redacted() {
    local roster=$1 out=$2 inputs=$3 status=0
    shift 3
    "$BLINDFOLD" redact -r "$roster" -o "$out" --progress never "$@" "$inputs" || status=$?
    [ "$status" -eq 1 ] || {
        echo "redact ended with $status, should be 1"
        exit 1
    }
}
redacted roster.csv OUT in
redacted turned.csv OUT-turned turned --fix-orientation
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export CHROMIUM
exec node --test --test-concurrency=1 --test-reporter=spec "$here"/*.test.mjs
