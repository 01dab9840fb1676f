#!/usr/bin/env bash
# A batch run again: what is finished is left alone, what has changed is done anew, and the result does not depend on the number of
# jobs, on an interruption or on how often one has run. Needs the models.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
"$PAGEMAKER" --seed 11 --packages 2 --pages 2 --captures clean --kinds summary,commitment --gbk-names --out dossiers >/dev/null ||
    fail "no pages"
first=$(sed -n 2p dossiers/roster.csv | cut -d , -f 1)
second=$(sed -n 3p dossiers/roster.csv | cut -d , -f 1)

redact() { # OUT ROSTER OPTION...
    local out=$1 roster=$2
    shift 2
    run redact -r "$roster" -o "$out" --progress plain "$@" dossiers/in
    [ "$status" -le 1 ] || fail "exit status $status"
}

# How often the record tells of a package.
times_done() { # OUT ID
    grep -c "\"event\":\"package\",\"id\":\"$2\"" "$1/audit.jsonl"
}

expect_done() { # OUT TIMES-FIRST TIMES-SECOND
    [ "$(times_done "$1" "$first") $(times_done "$1" "$second")" = "$2 $3" ] ||
        fail "done $(times_done "$1" "$first") and $(times_done "$1" "$second") times, should be $2 and $3"
}

# The zips of both outputs are the same, byte by byte, and each package has one place.
expect_same() { # OUT OTHER-OUT
    diff -r "$1/packages" "$2/packages" >&2 || fail "packages differ"
    diff -r "$1/held" "$2/held" >&2 || fail "held differ"
    for id in "$first" "$second"; do
        local places
        places=$(ls "$1/packages/$id.zip" "$1/held/$id.zip" 2>/dev/null | wc -l)
        [ "$places" -eq 1 ] || fail "$id is in $places places"
    done
    local strays
    strays=$(find "$1" -name '.blindfold-*' | wc -l)
    [ "$strays" -eq 0 ] || fail "temporary files were left"
}

redact one dossiers/roster.csv -j 1
expect_done one 1 1
redact two dossiers/roster.csv -j 3
expect_same one two

# Nothing has changed: nothing is done. A report for people that is missing comes back as it was.
cp "one/reports/$first.html" first.html
cp one/index.html index.html
rm "one/reports/$first.html" one/index.html
redact one dossiers/roster.csv
expect_done one 1 1
expect_said "2 finished before"
cmp first.html "one/reports/$first.html" && cmp index.html one/index.html || fail "the reports for people did not come back as they were"
grep -q 'data:image/jpeg' first.html || fail "the report should show pictures"

# An alias more: this person's package alone.
sed "2s/,,/,白石子,/" dossiers/roster.csv >alias.csv
cmp -s dossiers/roster.csv alias.csv && fail "the roster was not changed"
redact one alias.csv
expect_done one 2 1

# An output that was changed or lost, and one that stands in the wrong place as well.
for place in packages held; do
    [ -e "one/$place/$second.zip" ] && echo more >>"one/$place/$second.zip"
    [ -e "one/$place/$first.zip" ] && cp "one/$place/$first.zip" spare.zip
done
redact one alias.csv
expect_done one 2 2
cp spare.zip "one/packages/$first.zip"
cp spare.zip "one/held/$first.zip"
touch one/packages/.blindfold-AbCdEf
redact one alias.csv
expect_done one 3 2
expect_same one two

redact one alias.csv --force
expect_done one 4 3
expect_same one two

# Interrupted at once: nothing half, and the next run goes on.
"$BLINDFOLD" redact -r dossiers/roster.csv -o broken --progress never dossiers/in &
pid=$!
for _ in $(seq 200); do
    [ -s broken/audit.jsonl ] && break
    sleep 0.05
done
kill -INT "$pid"
wait "$pid"
status=$?
case_name="interrupted"
[ "$status" -eq 75 ] || [ "$status" -le 1 ] || fail "exit status $status"
redact broken dossiers/roster.csv
expect_same broken two

# A second run at the same time is refused.
"$BLINDFOLD" redact -r dossiers/roster.csv -o two --force --progress never dossiers/in &
pid=$!
for _ in $(seq 200); do
    [ "$(grep -c run-start two/audit.jsonl)" -eq 2 ] && break
    sleep 0.05
done
kill -STOP "$pid" # it holds the record meanwhile, however fast it is
run redact -r dossiers/roster.csv -o two dossiers/in
kill -CONT "$pid"
expect_status 4
expect_said "another run"
kill "$pid"
wait "$pid"

# No name in anything that is written.
names=$(sed 1d dossiers/roster.csv | cut -d , -f 2)
for name in $names; do
    grep -rlF -- "$name" one two broken && fail "a name was written"
done
for out in one two broken; do
    run audit verify "$out"
    expect_status 0
done
