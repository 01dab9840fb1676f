#!/usr/bin/env bash
# The whole way of a small batch with the real program, short enough to be run under sanitizers as well (asan.cli.whole-way): a package that is
# released, one with a broken page, one that is no zip; again, with nothing to do; checked; the record proved and joined. Needs the models.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}" "${SOURCE:?the source tree}"
export LSAN_OPTIONS="suppressions=$SOURCE/tests/lsan.supp:print_suppressions=0"
"$PAGEMAKER" --seed 11 --packages 2 --pages 1 --captures clean --kinds summary --out made >/dev/null || fail "no pages"
first=$(sed -n 2p made/roster.csv | cut -d , -f 1)
second=$(sed -n 3p made/roster.csv | cut -d , -f 1)
mkdir -p "made/in/$second" broken
head -c 3000 /dev/zero >>broken/cut.jpg
(cd broken && zip -q "../made/in/$second.zip" cut.jpg)
rmdir "made/in/$second"
printf 'this is no zip' >made/in/none.zip
echo "Z-1,郝试纸,,none.zip" >>made/roster.csv

# LeakSanitizer wants what the sandbox takes away: leaks are looked for without it, all else also with it.
run redact -r made/roster.csv -o out -j 2 --progress never --sandbox off made/in
expect_status 3
expect_missing "out/packages/$second.zip"
[ -s "out/packages/$first.zip" ] && [ -s "out/held/$second.zip" ] || fail "a package is not where it should be"
grep -q '"decision": "masked"' "out/reports/$first.json" || fail "no page was masked"
grep -rlE 'reader-crashed|time-limit|interrupted' out/reports && fail "a page process ended"
export ASAN_OPTIONS=detect_leaks=0
run redact -r made/roster.csv -o out -j 2 --progress never made/in
expect_status 3
[ "$(grep -c "\"event\":\"package\",\"id\":\"$first\"" out/audit.jsonl)" -eq 1 ] || fail "it was done again"
cp out/packages/"$first.zip" before.zip
run redact -r made/roster.csv -o out -j 2 --progress never --force made/in
expect_status 3
cmp -s before.zip out/packages/"$first.zip" || fail "other bytes in the sandbox than without it"

# An input that cannot be read at the moment takes nothing away of what was made of it.
mv "made/in/$first.zip" kept.zip
mkfifo "made/in/$first.zip"
run redact -r made/roster.csv -o out -j 2 --progress never made/in
expect_status 3
expect_said "id $first: the package could not be processed"
cmp -s before.zip out/packages/"$first.zip" || fail "what was there has gone"
# But of a name that the roster has no more, nothing may stay: the new one was never looked for.
cp -r out renamed
sed "s/^$first,[^,]*/$first,龚晓岚/" made/roster.csv >renamed.csv
run redact -r renamed.csv -o renamed -j 2 --progress never made/in
expect_status 3
[ ! -e renamed/packages/"$first.zip" ] || fail "a package stays that was made for another name"
rm "made/in/$first.zip"
mv kept.zip "made/in/$first.zip"
run audit verify out
expect_status 0
run audit merge out -o joined
expect_status 0
name=$(sed -n 2p made/roster.csv | cut -d , -f 2)
run check -n "$name" -u --json "made/in/$first.zip"
[ "$status" -le 1 ] || fail "exit status $status"
grep -F "$name" out/audit.jsonl out/reports/* && fail "a name was written"
exit 0
