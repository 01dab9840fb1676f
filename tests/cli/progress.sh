#!/usr/bin/env bash
# What a run shows while it goes on, and the table at its end: on a terminal (a pty of `script`) of any width, with and without colours,
# in both languages; in a log; as JSON; or nothing. Needs the models.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
"$PAGEMAKER" --seed 11 --packages 2 --pages 2 --captures clean --kinds summary,commitment --out made >/dev/null || fail "no pages"
first=$(sed -n 2p made/roster.csv | cut -d , -f 1)
second=$(sed -n 3p made/roster.csv | cut -d , -f 1)
printf 'this is no zip' >made/in/broken.zip
echo "C-9,郝试纸,,broken.zip" >>made/roster.csv
esc=$(printf '\033')

# on_terminal COLUMNS VARIABLE=VALUE... -- OPTION...: redact on a terminal so wide; the bytes it wrote into shown, the live line's states
# into states, the rest of the lines into lines.
on_terminal() {
    local columns=$1 settings=()
    shift
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    case_name="on a terminal of $columns columns: ${settings[*]-} $*"
    env -u NO_COLOR TERM=xterm ${settings[@]+"${settings[@]}"} script -qec \
        "stty cols $columns; '$BLINDFOLD' redact -r made/roster.csv $* made/in" /dev/null >shown </dev/null
    status=$?
    # A state is written over by the next: a carriage return, the text, "erase to the end of the line".
    tr '\r' '\n' <shown | grep "$esc\[K" | sed "s/$esc\[K.*//; s/$esc\[[0-9]*m//g" | grep -v '^$' >states
    tr '\r' '\n' <shown | sed "s/.*$esc\[K//; s/$esc\[[0-9]*m//g" | grep -v '^$' >lines
}

# widest FILE: the cells of its widest line, two for each Chinese character.
widest() {
    python3 -c 'import sys, unicodedata as u
print(max(sum(2 if u.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8")))' "$1"
}

on_terminal 100 -- -o one
expect_status 3
grep -qE '^\[#+\.+\]  [1-3] of (about )?4 pages  .*[0-3] of 3 packages$' states || fail "no live line with a bar"
grep -qE '[0-9]:[0-9][0-9] left' states && grep -q 'pages/s' states || fail "no time left, or no rate"
grep -q "$esc\[31m1 package failed$esc\[0m" shown || fail "no colour"
grep -qE '^blindfold: 3 packages, 4 pages, [0-9:]+, [0-9.]+ pages/s$' lines || fail "no table"
grep -qE '^  failed +1$' lines && grep -qE '^  C-9 +failed +0 +0  Not a zip$' lines || fail "the table does not tell the failed package"

# Whatever the width, no line is wider than the terminal, so none is left over; but what there is room for is there.
for case in "44 zh" "24 en"; do
    set -- $case
    on_terminal "$1" -- --lang "$2" --force -o one
    expect_status 3
    [ "$(widest states)" -lt "$1" ] || fail "a line of $(widest states) cells"
    [ "$(widest states)" -gt $(($1 / 2)) ] || fail "only $(widest states) cells are used"
done

# Once more: nothing to do but for the failed one.
on_terminal 50 -- --lang zh -o one
grep -qE '^  (放行|待人工处理) +[0-9]+' lines && grep -q '此前已完成 ' lines || fail "the table should be Chinese"
# Columns stand under each other: the numbers of the totals end in one column.
[ "$(grep -E '^  (放行|待人工处理|失败|此前已完成) +[0-9]+' lines | sed 's/\([0-9]\).*/\1/' >totals; while read -r line; do
    printf '%s\n' "  $line" >one-line; widest one-line; done <totals | sort -u | wc -l)" -eq 1 ] || fail "the columns are not straight"

on_terminal 80 NO_COLOR=1 -- -o one
grep -q "$esc\[[0-9]" shown && fail "colours in spite of NO_COLOR"
grep -q 'packages' states || fail "no live line with NO_COLOR"
on_terminal 80 TERM=dumb -- -o one
grep -q "$esc" shown && fail "control characters on a dumb terminal"

# No terminal: whole lines, no control characters.
run redact -r made/roster.csv -o one made/in
expect_status 3
grep -q "[$esc$(printf '\r')]" .stderr && fail "control characters in a log"
grep -qE "^\[0:[0-9]+\] package ($first|$second): (released|held) before; 1 of 3 packages" .stderr || fail "no line for a package"
grep -qE '^  finished before +2$' .stderr || fail "no table in a log"

run redact -r made/roster.csv -o one --progress json made/in
grep -v '^blindfold:' .stderr >json
jq -es 'map(.event) | .[0] == "start" and .[-1] == "end" and (map(select(. == "package")) | length) == 3' json >/dev/null ||
    fail "the events are not as they should be"
jq -es '.[-1] | .packages == 3 and .failed == 1 and .skipped == 2' json >/dev/null || fail "the last event does not tell the counts"
run redact -r made/roster.csv -o one --progress never made/in
grep -v '^blindfold:' .stderr && fail "never shows something"
true
