#!/usr/bin/env bash
# Four packages, one of which cannot be opened, in two shards, one of them started twice at the same time, and merged: the same zips as in one run, every package
# accounted for, a whole record; and what must not be merged is not. Needs the models.
. "$(dirname "$0")/lib.sh"
"$PAGEMAKER" --seed 6021 --packages 3 --pages 1 --out made >/dev/null || fail "the page maker"
printf 'this is no zip' >made/in/broken.zip
echo "Z-1,郝试纸,,broken.zip" >>made/roster.csv
shard() {
    "$BLINDFOLD" redact -r made/roster.csv --progress never -j 1 "$@" made/in 2>>log
    local status=$?
    [ "$status" -le 1 ] || [ "$status" -eq 3 ] || fail "redact $* ended with $status ($(cat log))"
}
shard -o one
shard -o out --shard 1/2

run merge out
expect_status 3
expect_said "2 missing"

shard -o out --shard 0/2 &
shard -o out --shard 0/2
wait
ls out/shards >shards
printf '%s\n' 0-of-2 0-of-2.2 1-of-2 | cmp -s - shards || printf '%s\n' 0-of-2 1-of-2 | cmp -s - shards ||
    fail "unexpected shards: $(cat shards)"

run merge out
expect_status 3
expect_said "4 of 4 packages"
expect_said "0 missing"
for zip in one/packages/*.zip one/held/*.zip; do
    [ ! -e "$zip" ] || cmp "$zip" "out/${zip#one/}" || fail "$zip differs from the one in the merged output"
done
[ "$(ls out/packages out/held | grep -c zip)" -eq 3 ] || fail "not three packages"
cmp one/summary.csv out/summary.csv || fail "the summaries differ"
[ -s out/index.html ] && [ "$(ls out/reports/*.html | wc -l)" -eq 4 ] || fail "reports for people are missing"
run audit verify out
expect_status 0
[ "$(grep '"event":"p' out/audit.jsonl | grep -c '"person":null')" -eq 0 ] || fail "the merged record does not know the persons"
name=$(sed -n 2p made/roster.csv | cut -d , -f 2)
run audit show --person "$name" out
[ "$(grep -c "$(sed -n 2p made/roster.csv | cut -d , -f 1)" .stdout)" -ge 2 ] || fail "a person is not found in the merged record"
# Once more: nothing at all comes twice.
cp out/audit.jsonl before
run merge out
cmp before out/audit.jsonl || fail "merging again adds to the record: $(diff before out/audit.jsonl)"

# The shards' records alone, joined: whole, and each package once though one shard may have been done twice.
run audit merge out/shards/* -o joined
expect_status 0
run audit verify joined/audit.jsonl
expect_status 0
[ "$(grep -c '"event":"package"' joined/audit.jsonl)" -eq 4 ] || fail "a package is not once in the joined record"

# Another number of shards, a record that was changed, a zip that was exchanged.
cp -a out/shards/1-of-2 kept
shard -o out --shard 1/3
run merge out
expect_status 4
expect_said "this shard is of another batch"
rm -r out/shards/1-of-3

zip=$(find out/shards/1-of-2 -name '*.zip' | head -n 1)
mkdir bad && cp -a out/shards bad/shards && printf x >>"bad/${zip#out/}"
run merge bad
expect_status 4
expect_said "this shard is not as its record says"

# A report that tells another story than the record, with its zip untouched.
rm -r bad && mkdir bad && cp -a out/shards bad/shards
report=$(find bad/shards/1-of-2/reports -name '*.json' | head -n 1)
sed -i 's/"decision": "[a-z]*"/"decision": "review"/' "$report"
run merge bad
expect_status 4
expect_said "this shard is not as its record says"

sed -i '2s/"prev":"./"prev":"x/' out/shards/1-of-2/audit.jsonl
run merge out
expect_status 4
