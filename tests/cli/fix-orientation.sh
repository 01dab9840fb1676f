#!/usr/bin/env bash
# redact --fix-orientation: pages turned without loss, by EXIF tag and by reading, masked in the frame of what is written; a page whose size does
# not allow it stays as it is and is masked all the same. Needs the models, python3, jq.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
mkdir in
for capture in exif6 rot180 rot270; do
    name=$("$PAGEMAKER" --page --kind title --capture $capture --seed 21 --flags plain-name --out in/$capture.jpg) || fail "no page"
done
rm -f in/*.json

python3 "$(dirname "$0")/whole.py" in/exif6.jpg in/rot180.jpg

run redact --fix-orientation -n "$name" --id one -o out in
[ "$status" -le 1 ] || fail "exit status $status"
# page FILE FILTER: what the report says of that page
page() {
    jq -r --arg file "$1" ".pages[] | select(.entry | contains(\$file)) | $2" out/reports/one.json
}
expect_page() {
    [ "$(page "$1" "$2")" = "$3" ] || fail "$1: $2 should be $3; it is $(page "$1" "$2")"
}
turned='"\(.turned_from // 0) \(.exif_orientation) \(.orientation_deg) \(.not_turned // "")"'
expect_page exif6 "$turned" "6 1 0 "
expect_page rot180 "$turned" "3 1 0 "
case "$(page rot270 "$turned")" in "0 1 "[1-9]*" odd-size") ;; *) fail "rot270 should stay: $(page rot270 "$turned")" ;; esac
for file in exif6 rot180 rot270; do
    expect_page $file .decision masked
    expect_page $file .verify.passed true
    expect_page $file '[.width, .height] as [$w, $h] | all(.masks[]; .x + .w <= $w and .y + .h <= $h)' true
    expect_page $file '.masks | length > 0' true
done
expect_page exif6 '.width > .height' true
[ "$(jq -r .tool.settings.fix_orientation out/reports/one.json)" = true ] || fail "the settings should tell"
[ "$(jq -r 'select(.event == "page") | .turned_from // 0' out/audit.jsonl | sort | tr '\n' ' ')" = "0 3 6 " ] || fail "the record should tell"

# What was written, looked at as a stranger would: upright, and no name to be read.
run check -n "$name" --json out/*/one.zip
for number in 1 2 3; do
    rules=" $(jq -r --argjson n $number '[.packages[].pages[] | select(.number == $n) | .findings[].rule] | unique | join(" ")' .stdout) "
    case "$rules" in *" name-"*) fail "page $number still shows the name:$rules" ;; esac
    case "$number$rules" in [12]*" turned "* | [12]*" upright-by-exif "* | [12]*" mirrored "*) fail "page $number is not upright:$rules" ;; esac
done
exit 0
