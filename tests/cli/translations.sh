#!/usr/bin/env bash
# The catalogues hold every text that the sources mark, each translated; and the program speaks the language that it is asked for, on
# systems that have no other locale than C.UTF-8.
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?the source tree}"

case_name="po/blindfold.pot is up to date"
"$SOURCE/po/update.sh" --print >now.pot || fail "no template could be made"
diff -u "$SOURCE/po/blindfold.pot" now.pot >&2 || fail "run po/update.sh, and translate what is new"

for po in "$SOURCE"/po/*.po; do
    case_name="po/${po##*/} is complete"
    msgfmt --check -o /dev/null "$po" || fail "the catalogue has errors"
    msgcmp "$po" now.pot || fail "run po/update.sh, and translate what is new"
    msgattrib --untranslated --fuzzy --only-fuzzy "$po" | grep -q . && fail "there are fuzzy entries"
    msgattrib --only-obsolete "$po" | grep -q . && fail "there are obsolete entries: run po/update.sh"
done

# What people read is marked. image and base say nothing to people: what fails there becomes a reason's word. The other files left out are
# tables of names, and texts that stand there in both languages.
case_name="texts for people are marked for translation"
find_unmarked() {
    find "$1" -name '*.c' ! -path '*/image/*' ! -path '*/base/*' ! -name readings.c ! -name variants.c ! -name surnames.c ! -name words.c \
        ! -name report_html.c -print0 | LC_ALL=C sort -z | xargs -0 python3 "$SOURCE/tests/cli/unmarked.py"
}
mkdir planted
cat >planted/planted.c <<'END'
/* "not this one" */
void f(void) { say(_("this is marked"), N_("and " X "this"), 'x', "word", "<p class=\"no text\">"); }
void g(void)
{
    cmd_say("this is not");
    fail(error, good ? _("is good") : "is not good");
}
END
printf '%s\n' 'planted/planted.c:5: not marked for translation: this is not' \
    'planted/planted.c:6: not marked for translation: is not good' >expected
find_unmarked planted >found && fail "what was planted was not found"
diff expected found >&2 || fail "not exactly what was planted was found"
find_unmarked "$SOURCE/src" >&2 || fail "mark these with _() or N_(), run po/update.sh and translate them"

# speaks LANGUAGE VARIABLE=VALUE... -- WORD...: the help's first word tells which language came out.
speaks() {
    local language=$1 settings=()
    shift
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    case_name="${settings[*]} blindfold $*"
    env -u LC_ALL -u LC_MESSAGES -u LC_CTYPE -u LANG -u LANGUAGE ${settings[@]+"${settings[@]}"} "$BLINDFOLD" "$@" >.stdout 2>.stderr ||
        fail "it should succeed"
    case $language in
    zh) grep -qE '^(用法|摘要)' .stdout || fail "it should speak Chinese" ;;
    en) grep -q '[^ -~]' .stdout && fail "it should speak English" ;;
    esac
}

speaks en -- --help
speaks en LC_ALL=C -- --help
speaks en LC_ALL=C LANGUAGE=zh_CN -- --help
speaks en LANG=C.UTF-8 -- --help
speaks en LANG=de_DE.UTF-8 -- --help
speaks zh LANG=zh_CN.UTF-8 -- --help
speaks zh LANG=zh_CN -- --help
speaks zh LANG=de_DE.UTF-8 LANGUAGE=zh_CN:en -- --help
speaks zh LC_ALL=C.UTF-8 -- --lang zh --help
speaks zh LC_ALL=C -- --lang=zh --help
speaks zh -- --help --lang zh
speaks en LANG=zh_CN.UTF-8 -- --lang en --help
speaks en LANG=zh_CN.UTF-8 -- --lang=zh --help --lang=en

# Behind "--" it is an operand; without a known language it is a wrong call.
for words in "--lang" "--lang fr" "--lang=" "models --lang" "--lang=fr models"; do
    run $words
    expect_status 2
    expect_stdout_empty
    expect_stderr "blindfold: --lang takes zh or en"
done
run audit show -- --lang
expect_status 3
run --lang zh mask
expect_status 2
grep -q '^blindfold: .*mask' .stderr && grep -q '命令' .stderr || fail "the sentence should be Chinese"
