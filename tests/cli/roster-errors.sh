#!/usr/bin/env bash
# Rosters that cannot be used, and rosters that do not fit their packages: each row is told by its line, no name is ever said, and
# nothing is begun.
. "$(dirname "$0")/lib.sh"
touch a.zip b.zip

# refused ROSTER-TEXT INPUT... then the expected lines are read from standard input
refused() {
    printf "$1" >roster.csv
    shift
    run redact -r roster.csv -o out "$@"
    expect_status 4
    expect_stdout_empty
    cmp -s - .stderr || fail "stderr is not as expected"
    grep -q '[乔孟汤]' .stderr && fail "a name was said"
    expect_missing out
}

refused 'number,who\n1,乔雨溱\n' a.zip <<'END'
blindfold: roster.csv: a header with the columns "id" (编号) and "name" (姓名) must stand in one of the first 20 rows; "id" is missing
END
refused 'id,name,姓名\n1,乔雨溱,\n' a.zip <<'END'
blindfold: roster.csv: the column "name" (姓名) stands in the header twice
END
refused '\377\201\000' a.zip <<'END'
blindfold: roster.csv: the text is neither UTF-8, UTF-16 nor GB18030; save it as CSV (UTF-8)
END
refused 'PK\003\004' a.zip <<'END'
blindfold: roster.csv: this is a zip, but no Excel workbook (.xlsx), or a damaged one; if it opens in a spreadsheet program, save it there as .xlsx or CSV (UTF-8) and give that file
END
refused 'id,name,package\n1,乔雨溱,a.zip\n2,,b.zip\n1,孟知遥,b.zip\n汤可久,汤可久,b.zip\n5,汤可久,no.zip\n' a.zip <<'END'
blindfold: line 3: the name is missing
blindfold: line 4: its id stands on line 2 already
blindfold: line 5: the id holds the applicant's name; the id is the name of the output file, so give another one
blindfold: line 6: the package no.zip of id 5 is not among the inputs
blindfold: roster and inputs do not fit (4 lines above); mend them, or pass --skip-bad-rows to go on without them
END
refused '编号;姓名;附件包\r\n1;乔雨溱;乔雨溱.zip\r\n' a.zip nowhere.zip <<'END'
blindfold: input 2 cannot be read: No such file or directory
blindfold: line 2: the package ×××.zip of id 1 is not among the inputs
blindfold: input 1 is in no row of the roster
blindfold: roster and inputs do not fit (3 lines above); mend them, or pass --skip-bad-rows to go on without them
END
refused 'id,name,package\n1,乔雨溱,a.zip\n2,孟知遥,a.zip\n' a.zip <<'END'
blindfold: line 3: its package is that of line 2 too
blindfold: line 2: its package is that of line 3 too
blindfold: input 1 is in no row of the roster
blindfold: roster and inputs do not fit (3 lines above); mend them, or pass --skip-bad-rows to go on without them
END

# With nothing left there is nothing to go on with.
printf 'id,name\n1,\n' >roster.csv
run redact -r roster.csv -o out --skip-bad-rows a.zip
expect_status 4
expect_said "blindfold: there is no package to work on: no row of the roster has one"
expect_missing out

run redact -r nowhere.csv -o out a.zip
expect_status 4
expect_said "nowhere.csv"
expect_missing out
