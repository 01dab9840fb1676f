#!/usr/bin/env bash
# check: one zip of good and bad pages and single files; exact rules, exit status, and no name in any output.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"

page() { # page FILE KIND CAPTURE [OPTION...]: prints the applicant's name
    local out=$1 kind=$2 capture=$3
    shift 3
    "$PAGEMAKER" --page --kind "$kind" --capture "$capture" --seed 42 --out "$out" "$@"
}

mkdir -p in/考核
name=$(page in/good.jpg plain scan --flags plain-name)
page in/named.jpg title scan --flags plain-name,metadata >/dev/null
page in/turned.jpg summary rot180 --flags plain-name >/dev/null
cp in/good.jpg in/again.jpg
head -c "$(($(stat -c %s in/good.jpg) / 2))" in/good.jpg >in/cut.jpg
printf '\x89PNG\r\n\x1a\n0000' >in/png.jpg
: >in/empty.jpg
# comment ENCODING: good.jpg with the name in a comment of this encoding; page processes can open no table for it any more
comment() {
    python3 - "$name" "$1" <<'PYTHON'
import struct, sys
page, text = open("in/good.jpg", "rb").read(), sys.argv[1].encode(sys.argv[2])
open("props/%s.jpg" % sys.argv[2], "wb").write(page[:2] + struct.pack(">BBH", 0xFF, 0xFE, len(text) + 2) + text + page[2:])
PYTHON
}
rm -f in/*.json
(cd in && zip -qr ../pages.zip .)

# rules FILE-PART: the rules of that page in the JSON on stdout, sorted, one line
rules() {
    jq -r --arg part "$1" '[.packages[].pages[] | select(.entry | contains($part)) | .findings[].rule] | unique | join(" ")' .stdout
}
expect_rules() {
    [ "$(rules "$1")" = "$2" ] || fail "rules of $1 should be: $2; they are: $(rules "$1")"
}

run check -n "$name" --json --html out.html pages.zip
expect_status 1
expect_rules png not-a-jpeg
expect_rules empty empty
case " $(rules cut) " in *" truncated "*) ;; *) fail "cut.jpg should be truncated" ;; esac
case " $(rules turned) " in *" turned "*) ;; *) fail "turned.jpg should be turned" ;; esac
case " $(rules named) " in *" name-in-metadata "*name-visible*) ;; *) fail "named.jpg shows the name: $(rules named)" ;; esac
[ "$(rules again)$(rules good)" = duplicate ] || fail "again.jpg and good.jpg are the same and have no other fault: $(rules again) $(rules good)"
[ "$(jq '.packages[0].pages[] | select(.entry | contains("named")) | .findings | map(select(.rule == "name-visible" and .place.w > 0)) | length > 0' .stdout)" = true ] ||
    fail "the place of the name should be told"
grep -qF "$name" .stdout .stderr out.html && fail "the name stands in an output"
grep -qE 'src="http|<script' out.html && fail "the page should need nothing from elsewhere"
grep -q 'data:image/jpeg' out.html || fail "the page should show pictures"

run check --lang zh -q -n "$name" in/png.jpg in/empty.jpg
expect_status 1
grep -q 'PNG' .stdout && grep -q '文件是空的' .stdout || fail "the table should be Chinese"

mkdir props
comment gb18030
comment utf-16-le
run check -n "$name" --json props/*.jpg
expect_status 1
for encoding in gb18030 utf-16-le; do
    case " $(rules $encoding) " in *" name-in-metadata "*) ;; *) fail "the name in $encoding: $(rules $encoding)" ;; esac
done

# A page that takes more than it may have is told as such, and the others are looked at all the same.
run check -n "$name" --json --limit page-mib=16 in/good.jpg in/empty.jpg
expect_status 1
expect_rules empty empty
case " $(rules good) " in *" reader-crashed "* | *" out-of-memory "* | *" not-readable "*) ;; *) fail "good.jpg should be too much: $(rules good)" ;; esac
run check -n "$name" --sandbox somewhat in/good.jpg
expect_status 2

printf '[appraisal]\ntitle=Appraisal\npattern=*考核*\n' >list.ini
run check -n "$name" --checklist list.ini --json in/empty.jpg broken.zip
expect_status 3
run check -n "$name" --checklist nothing.ini in/empty.jpg
expect_status 4
run check in/good.jpg
expect_status 2
expect_stderr "blindfold: whose pages? Give the applicant's name with -n NAME" "See: blindfold check --help"
