#!/usr/bin/env bash
# Writes shell completion and manual pages, from what the program itself says about its commands and options.
#
# usage: packaging/make-descriptions.sh PROGRAM bash|zsh      the completion, to stdout
#        packaging/make-descriptions.sh PROGRAM man FOLDER    FOLDER/man1/*.1.gz and FOLDER/zh_CN/man1/*.1.gz
# shellcheck disable=SC2016 # what is single-quoted here is for the shell that completes
set -euo pipefail
program=$1
export LC_ALL=C.UTF-8

commands() {
    "$program" --lang en --help-commands
}

# The options of a command as words: --roster -r --name ...
option_words() {
    "$program" --lang en "$1" --help-options | awk -F '\t' '!/^@/ { printf "--%s ", $1; if ($2 != "-") printf "-%s ", $2 }'
    echo --help
}

# The words that a command may begin with.
first_words() {
    "$program" --lang en "$1" --help-options | sed -n 's/^@ //p'
}

make_bash() {
    local name _
    printf '%s\n' '# bash completion for blindfold; made from its own --help' '_blindfold() {' \
        '    local cur=${COMP_WORDS[COMP_CWORD]} words=' '    COMPREPLY=()' '    if [ "$COMP_CWORD" -eq 1 ]; then'
    printf '        words="%s --help --version --lang"\n' "$(commands | cut -f 1 | tr '\n' ' ')"
    printf '%s\n' '    else' '        case ${COMP_WORDS[1]} in'
    while IFS=$'\t' read -r name _; do
        printf '        %s)\n            case $cur in\n            -*) words="%s" ;;\n' "$name" "$(option_words "$name")"
        [ -z "$(first_words "$name")" ] || printf '            *) [ "$COMP_CWORD" -gt 2 ] || words="%s" ;;\n' "$(first_words "$name")"
        printf '            esac\n            ;;\n'
    done < <(commands)
    printf '%s\n' '        esac' '    fi' '    COMPREPLY=($(compgen -W "$words" -- "$cur"))' '}' \
        'complete -o default -o bashdefault -F _blindfold blindfold'
}

# A text within single quotes and brackets of _arguments.
zsh_text() {
    sed "s/'/'\\\\''/g; s/[]:[]/\\\\&/g" <<<"$1"
}

make_zsh() {
    local name brief long short takes text spec first
    printf '%s\n' '#compdef blindfold' '# zsh completion for blindfold; made from its own --help' '_blindfold() {' \
        '    local -a commands=('
    while IFS=$'\t' read -r name brief; do printf "        '%s:%s'\n" "$name" "$(zsh_text "$brief")"; done < <(commands)
    printf '%s\n' '    )' '    if (( CURRENT == 2 )); then' '        _describe command commands' '        return' '    fi' \
        '    case $words[2] in'
    while IFS=$'\t' read -r name _; do
        printf '    %s)\n        shift words; (( CURRENT-- ))\n        _arguments -S \\\n' "$name"
        while IFS=$'\t' read -r long short takes text; do
            [[ $long != @* ]] || continue
            spec="--$long" && [ "$short" = - ] || spec="(-$short --$long)'{-$short,--$long}'"
            text="[$(zsh_text "$text")]" && [ "$takes" = - ] || text="=$text:$takes:_files"
            [ "$short" = - ] || text=${text/#=/}
            printf "            '%s%s' \\\\\n" "$spec" "$text"
        done < <("$program" --lang en "$name" --help-options)
        first=$(first_words "$name")
        [ -z "$first" ] || printf "            '1:what:(%s)' \\\\\n" "$first"
        printf "            '*:file:_files'\n        ;;\n"
    done < <(commands)
    printf '%s\n' '    esac' '}' '_blindfold "$@"'
}

make_man() {
    local folder=$1 language place name brief
    for language in en zh; do
        place=$folder/man1
        [ $language = en ] || place=$folder/zh_CN/man1
        mkdir -p "$place"
        "$program" --lang $language --help-man >"$place/blindfold.1"
        while IFS=$'\t' read -r name brief; do
            "$program" --lang $language "$name" "--help-man=$brief" >"$place/blindfold-$name.1"
        done < <("$program" --lang $language --help-commands)
        gzip -9nf "$place"/*.1
    done
}

case ${2-} in
bash) make_bash ;;
zsh) make_zsh ;;
man) make_man "$3" ;;
*)
    sed -n '4,5s/^# //p' "$0" >&2
    exit 2
    ;;
esac
