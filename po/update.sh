#!/bin/sh
# Brings po/blindfold.pot and every po/*.po up to date with the texts that the sources mark with _(), N_() and ngettext().
# New texts are then untranslated in the .po: translate them; tests/cli/translations.sh fails until none is left.
#
# usage: po/update.sh            writes po/blindfold.pot and po/*.po anew
#        po/update.sh --print    prints the .pot only
#
# Entries are sorted and without places, so that a change of the code moves nothing here. After a merge with conflicts in a .po, put both
# sides' entries into it (msgcat --use-first OURS THEIRS) and run this again.
set -eu
cd "$(dirname "$0")/.."

# The date would differ on every run; sources are listed in the same order everywhere.
make_template() {
    find src -name '*.c' | LC_ALL=C sort |
        xgettext --files-from=- --language=C --from-code=UTF-8 --keyword --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
            --flag=_:1:pass-c-format --flag=ngettext:1:pass-c-format --flag=ngettext:2:pass-c-format \
            --flag=cmd_say:1:c-format --flag=cmd_usage:2:c-format \
            --no-location --sort-output --no-wrap --package-name=blindfold --output=- |
        sed -e '/^"POT-Creation-Date:/d' -e '/^# SOME DESCRIPTIVE TITLE/,/^#$/d' -e 's/charset=CHARSET/charset=UTF-8/'
}

if [ "${1-}" = --print ]; then
    make_template
    exit
fi
make_template >po/blindfold.pot.new
mv po/blindfold.pot.new po/blindfold.pot
for po in po/*.po; do
    msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --sort-output "$po" po/blindfold.pot
    msgattrib --no-obsolete --no-wrap --sort-output --output-file="$po" "$po"
    printf '%s: ' "$po"
    msgfmt --statistics --output-file=/dev/null "$po" 2>&1
done
