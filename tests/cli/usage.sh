#!/usr/bin/env bash
# Wrong calls: exit status 2, one sentence and where help is; nothing on stdout, nothing written.
. "$(dirname "$0")/lib.sh"
printf 'id,name\n17,乔雨溱\n' >roster.csv
touch a.zip b.zip

# wrong SENTENCE WORD...
wrong() {
    local sentence=$1
    shift
    run "$@"
    expect_status 2
    expect_stdout_empty
    expect_stderr "blindfold: $sentence" "See: blindfold $1 --help"
    expect_missing out
}

wrong "whose names? Give a roster with -r FILE or one applicant with -n NAME" redact -o out a.zip
wrong "-r and -n exclude each other: give a roster or one applicant" redact -r roster.csv -n 乔雨溱 -o out a.zip
wrong "-a and --id belong to -n; a roster has columns for them" redact -r roster.csv -a 雨臻 -o out a.zip
wrong "-a and --id belong to -n; a roster has columns for them" redact -r roster.csv --id 17 -o out a.zip
wrong "where to? Give the output folder with -o OUT" redact -r roster.csv a.zip
wrong "no package given: name a zip or a folder" redact -r roster.csv -o out
wrong "-n takes one package; for several give a roster with -r FILE" redact -n 乔雨溱 a.zip -o out b.zip
wrong "-n takes one package; for several give a roster with -r FILE" redact -n 乔雨溱 -o out -- a.zip --force
wrong "-j must be between 1 and 1024 (or 0: the processors this process may use)" redact -r roster.csv -o out -j -1 a.zip
wrong "--max-memory must be a number of MiB" redact -r roster.csv -o out --max-memory=-5 a.zip
wrong "--reader takes ppocr and tesseract, with a comma between" redact -r roster.csv -o out --reader ppocr,eyes a.zip
wrong "--progress takes auto, plain, json or never" redact -r roster.csv -o out --progress loud a.zip
wrong "Unknown option --loud" redact -r roster.csv -o out a.zip --loud
wrong "the name or an alias has one character only, which would be found everywhere; give it in full" redact -n 乔 -o out a.zip
wrong "the name is missing" redact -n '' -o out a.zip
wrong "the id cannot be a file name; use letters, digits, '-', '_' and '.', at most 100 bytes" redact -n 乔雨溱 --id ../17 -o out a.zip
wrong "the id holds the applicant's name; the id is the name of the output file, so give another one" \
    redact -n 乔雨溱 --id 17-乔雨溱 -o out a.zip
wrong "what about the record? Say verify, show, merge or keygen" audit
wrong "what about the record? Say verify, show, merge or keygen" audit mend out
wrong "no record given: name audit.jsonl or the output folder" audit verify
wrong "what about the models? Say list or verify" models mend
wrong "list and verify take no more words" models list all

run
expect_status 2
expect_stdout_empty
expect_said "blindfold: which command?"
run mask
expect_status 2
expect_stdout_empty
expect_said 'blindfold: there is no command "mask"'

# Help and version were asked for: they go to stdout, and nothing is wrong.
for words in --help -h help --version "redact --help" "audit --help" "models --help"; do
    run $words
    expect_status 0
    [ ! -s .stderr ] || fail "stderr should be empty"
    [ -s .stdout ] || fail "stdout should not be empty"
done
run --version
head -n 1 .stdout | grep -qE '^blindfold [0-9]+\.[0-9]+\.[0-9]+$' || fail "the version has no three numbers"
grep -qE '^  ppocr +PP-OCR.*, (own engine \([^)]*\)|ONNX Runtime [0-9.]+), model [0-9a-f]{12}  ready$' .stdout || fail "the version does not tell the reader"
grep -qE '^  tesseract +[0-9.]+, chi_sim  ready$' .stdout || fail "the version does not tell the second reader"
# Without models it says so, and is no error.
mkdir empty
BLINDFOLD_MODELS=empty run --version
expect_status 0
grep -q '^  reader ppocr: no models in empty; run models/fetch.sh' .stdout || fail "the version does not say that there are no models"
grep -qE '^  tesseract .*  ready$' .stdout || fail "the second reader needs no models"

# A record that is not there is not a wrong call.
run audit verify nothing.jsonl
expect_status 3
expect_stdout_empty
run audit show .
expect_status 3
