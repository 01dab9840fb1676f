# What the cli tests share; they read it with `.`. It is no test itself.
# Needs BLINDFOLD (the program) and SCRATCH (a folder of the test's own, made empty here).
set -u
export LC_ALL=C.UTF-8
: "${BLINDFOLD:?the program}" "${SCRATCH:?a scratch folder}"
rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"
cd "$SCRATCH" || exit 1

fail() {
    echo "FAILED: ${case_name:-}: $*" >&2
    echo "--- stdout" >&2
    cat "$SCRATCH/.stdout" >&2 2>/dev/null
    echo "--- stderr" >&2
    cat "$SCRATCH/.stderr" >&2 2>/dev/null
    exit 1
}

# run WORD...: the program with these words; what came of it is looked at with the functions below.
run() {
    case_name="blindfold $*"
    "$BLINDFOLD" "$@" >"$SCRATCH/.stdout" 2>"$SCRATCH/.stderr"
    status=$?
}

expect_status() {
    [ "$status" -eq "$1" ] || fail "exit status $status, should be $1"
}

# expect_stderr LINE...: exactly these lines.
expect_stderr() {
    printf '%s\n' "$@" | cmp -s - "$SCRATCH/.stderr" || fail "stderr should be: $(printf '%s\n' "$@")"
}

# expect_said TEXT: it stands somewhere in stderr.
expect_said() {
    grep -qF -- "$1" "$SCRATCH/.stderr" || fail "stderr should have: $1"
}

expect_stdout_empty() {
    [ ! -s "$SCRATCH/.stdout" ] || fail "stdout should be empty"
}

expect_missing() {
    [ ! -e "$1" ] || fail "$1 should not be there"
}
