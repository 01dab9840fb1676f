#!/usr/bin/env bash
# --dry-run says who would be processed and what is missing, and writes nothing.
. "$(dirname "$0")/lib.sh"
mkdir -p in/18
printf '\377\330\377\340' >in/18/a.jpg
printf '\377\330\377\341' >in/18/b.jpg
echo notes >in/18/notes.txt
(cd in/18 && zip -q ../17.zip a.jpg notes.txt)
echo no zip >in/19.zip
printf 'id,name\n17,乔雨溱\n18,孟知遥\n' >roster.csv

run redact -r roster.csv -o out --dry-run in/17.zip in/18
expect_status 0
printf '17\t1\t1\tready\n18\t2\t1\tready\n' | cmp -s - .stdout || fail "stdout should list two packages"
expect_stderr "blindfold: 2 packages with 3 pages would be processed, 0 cannot be opened; nothing was written"
expect_missing out

printf '19,汤可久\n' >>roster.csv
run redact -r roster.csv -o out --dry-run in/17.zip in/18 in/19.zip
expect_status 3
grep -qx "19	0	0	not-a-zip" .stdout || fail "19 should be said to be no zip"
expect_missing out

run redact -r roster.csv -o out --dry-run in/17.zip in/18
expect_status 4
expect_said "line 4: the package 19.zip of id 19 is not among the inputs"
expect_said "but the run would stop: 1 line above does not fit"
printf '17\t1\t1\tready\n18\t2\t1\tready\n' | cmp -s - .stdout || fail "what fits should be listed all the same"
expect_missing out

# On a terminal a table, its columns straight.
script -qec "'$BLINDFOLD' --lang zh redact -r roster.csv -o out --dry-run in/17.zip in/18 in/19.zip 2>/dev/null" /dev/null </dev/null |
    tr -d '\r' >table
printf '%s\n' '编号     页数   已略去' '17          1        1  就绪' '18          2        1  就绪' '19          0        0  不是有效的压缩包' |
    diff - table || fail "the table"
