#!/usr/bin/env bash
# The record of a real run: signed, proved against the files, shown by package and person; killed in the middle and carried on. Needs the
# models.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
"$PAGEMAKER" --seed 12 --packages 1 --pages 2 --captures clean --kinds summary,commitment --out dossiers >/dev/null || fail "no pages"
id=$(sed -n 2p dossiers/roster.csv | cut -d , -f 1)
name=$(sed -n 2p dossiers/roster.csv | cut -d , -f 2)

run audit keygen sign.key
expect_status 0
run audit keygen sign.key
expect_status 3
run redact -r dossiers/roster.csv -o out --sign-key sign.key --progress never dossiers/in
[ "$status" -le 1 ] || fail "exit status $status"
cp .stderr first.stderr
run audit verify --public-key sign.key.pub out
expect_status 0
grep -q "all as recorded. Looked at: packages 1, their pages 2, inputs 1" .stdout || fail "verify said something else"

# What kept the processes in is what the start said, and stands in the record.
said=$(sed -n 's/.*sandbox: \(.*\) for pages, \(.*\) for packages.*/"packages":"\2","pages":"\1"/p' first.stderr)
[ -n "$said" ] || fail "the start said nothing of the sandbox"
grep '"event":"run-start"' out/audit.jsonl | grep -qF "\"sandbox\":{\"mode\":\"auto\",$said}" || fail "the record tells of another sandbox"

run audit show --package "$id" out
expect_status 0
[ "$(wc -l <.stdout)" -eq 4 ] || fail "not three lines and a head"
run audit show --person "$name" --page 0 out
[ "$(wc -l <.stdout)" -le 2 ] || fail "more than one page"
run audit show --person 不在此 out
[ "$(wc -l <.stdout)" -eq 1 ] || fail "somebody else's lines"

# No process of a run may leave its memory behind. One that has just ended has no limits any more.
looked_at=0
expect_no_cores() { # PID of a run
    local p limits
    for p in "$1" $(pgrep -P "$1") $(pgrep -P "$(pgrep -P "$1" | head -1)" 2>/dev/null); do
        limits=$(cat "/proc/$p/limits" 2>/dev/null) || continue
        [ -n "$limits" ] || continue
        grep -q '^Max core file size  *0  *0 ' <<<"$limits" || fail "a process may dump core"
        looked_at=$((looked_at + 1))
    done
}

# Killed again and again, without a chance to tidy up; then one run to the end.
for pause in 0.4 0.8 1.2 1.6; do
    "$BLINDFOLD" redact -r dossiers/roster.csv -o out --force --progress never dossiers/in 2>/dev/null &
    pid=$!
    sleep "$pause"
    expect_no_cores "$pid"
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
[ "$looked_at" -ge 3 ] || fail "a run, its host and a page process were not seen: $looked_at"
cp out/*/"$id.zip" before.zip
run redact -r dossiers/roster.csv -o out --force --sign-key sign.key --progress never dossiers/in
[ "$status" -le 1 ] || fail "exit status $status"
cmp -s before.zip out/*/"$id.zip" || fail "other bytes after the kills"
run audit verify --public-key sign.key.pub out
expect_status 0

# Each thing that is changed is told.
zip=$(echo out/*/"$id.zip")
echo more >>"$zip"
run audit verify out
expect_status 1
expect_said "id $id: ${zip#out/} is not the file that the record says"
cp before.zip "$zip"
sed -i 's/"decision": "[a-z]*"/"decision": "unsure"/' "out/reports/$id.json"
run audit verify out
expect_status 1
expect_said "id $id: its report"
echo >>out/audit.jsonl
run audit verify out
expect_status 1
grep -rlF -- "$name" out/reports out/audit.jsonl out/summary.csv && fail "a name was written"
exit 0
