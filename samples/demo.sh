#!/usr/bin/env bash
# From a fresh checkout to redacted sample dossiers: installs what is missing, builds the release, draws three small dossiers of
# invented people, redacts them and says where to look. Run it again as often as you like; only what is not there yet is done.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${LC_ALL:=C.UTF-8}"
export LC_ALL
demo=samples/out/demo
program=build/release/blindfold
page_maker=build/release/samples/make-pages

packaging/setup.sh
cmake --preset release -Wno-dev >/dev/null
cmake --build --preset release --target blindfold make-pages

# The pages depend on the page maker alone; they are drawn beside their place, so that a broken-off run leaves no half.
if [ ! "$demo/in" -nt "$page_maker" ]; then
    echo "demo: drawing the sample dossiers" >&2
    rm -rf "$demo" "$demo.new"
    mkdir -p samples/out
    "$page_maker" --seed 20230901 --packages 3 --pages 6 --out "$demo.new"
    mv "$demo.new" "$demo"
fi

echo "demo: $program redact -r $demo/roster.csv -o $demo/OUT --force $demo/in/*.zip" >&2
status=0
"$program" redact -r "$demo/roster.csv" -o "$demo/OUT" --force "$demo"/in/*.zip || status=$?
case $status in
0) echo "demo: everything was released." ;;
1) echo "demo: done; what the program could not prove is held for a person to decide." ;;
*)
    echo "demo: blindfold ended with status $status" >&2
    exit "$status"
    ;;
esac
cat <<END

Where to look:
  $demo/in/             the dossiers as the applicants sent them, and ../roster.csv that says whose they are
  $demo/OUT/packages/   released: every page proved masked or clear
  $demo/OUT/held/       masked as far as known; a person has to look
  $demo/OUT/reports/    what was decided on each page, and where the masks are
  $demo/OUT/summary.csv one line for each package
  $demo/OUT/audit.jsonl the record; prove it with: $program audit verify $demo/OUT/audit.jsonl
The program is $program; try: $program --help
END
