#!/usr/bin/env bash
# What `cmake --install` puts where; that every command and option of --help stands in its manual page, in both languages, and in the
# completion of bash and zsh; that the nightly service is closed tightly; and that the installed program speaks both languages.
. "$(dirname "$0")/lib.sh"
build=$(dirname "$BLINDFOLD")
cmake --install "$build" --prefix "$SCRATCH/usr" --component program >install.log || fail "cmake --install"
BLINDFOLD=$SCRATCH/usr/bin/blindfold

for file in bin/blindfold share/man/man1/blindfold.1.gz share/bash-completion/completions/blindfold share/zsh/vendor-completions/_blindfold \
    share/locale/zh_CN/LC_MESSAGES/blindfold.mo lib/systemd/system/blindfold-nightly.service libexec/blindfold/blindfold-nightly; do
    [ -e "usr/$file" ] || fail "$file is not installed"
done

bash -n usr/share/bash-completion/completions/blindfold || fail "the bash completion is no shell script"
# complete WORD...: what bash would offer for the last word.
complete_words() {
    bash -c '. "$1"; shift; COMP_WORDS=(blindfold "$@"); COMP_CWORD=$#; _blindfold; printf "%s\n" "${COMPREPLY[@]}"' - \
        usr/share/bash-completion/completions/blindfold "$@"
}

run --help-commands
expect_status 0
cp .stdout commands.txt
n=0
while read -r name _; do
    complete_words "" | grep -qx -- "$name" || fail "bash does not complete the command $name"
    grep -q "'$name:" usr/share/zsh/vendor-completions/_blindfold || fail "zsh does not know the command $name"
    run "$name" --help
    cp .stdout help.txt
    for option in $(grep -oE -- '^ +(-[a-zA-Z], )?--[a-z-]+' help.txt | grep -oE -- '--[a-z-]+'); do
        [ "$option" != --help ] || continue
        n=$((n + 1))
        for place in man man/zh_CN; do
            zcat "usr/share/$place/man1/blindfold-$name.1.gz" | sed 's/\\-/-/g' | grep -F "\\fB$option\\fR" >/dev/null ||
                fail "$option is not in the manual page of $name ($place)"
        done
        complete_words "$name" "$option" | grep -qx -- "$option" || fail "bash does not complete $option of $name"
        sed -n "/^    $name)/,/;;/p" usr/share/zsh/vendor-completions/_blindfold | grep -qE -- "${option}['},=\[]" ||
            fail "zsh does not complete $option of $name"
    done
done <commands.txt
[ "$n" -ge 10 ] || fail "only $n options were looked at"

run --lang zh --help
grep -q 用法 .stdout || fail "the installed program does not speak Chinese"

if command -v systemd-analyze >/dev/null; then
    cp usr/lib/systemd/system/blindfold-nightly.service .
    systemd-analyze security --offline=true --threshold=20 ./blindfold-nightly.service >security.txt || fail "exposure above 2.0"
fi
