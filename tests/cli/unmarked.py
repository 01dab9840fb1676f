#!/usr/bin/python3
"""Texts for people that are not marked for translation: unmarked.py FILE.c ...

Prints FILE:LINE and the text of every string of two words or more that stands in no _(), N_() or ngettext(), and is nothing that only
programs read (SQL, HTML, header lines). translations.sh runs it over src; before it believes it, it plants texts that must be found.
"""
import re
import sys

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|\n|[^\S\n]+|\S""", re.S)
MARKS = {"_", "N_", "ngettext"}
# Whose strings are read by programs or programmers, or hold both languages themselves.
CALLS = {"state_db_prepare", "ask", "run_script", "run_on_id", "bf_html_both", "bf_html_count", "answer_text", "good", "_Static_assert", "g_error", "strstr"}
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? (%|[a-z])")
FOR_PROGRAMS = re.compile(r'</|=\\"|<!|<div|<img|; charset=|\.BR |^CREATE |^\w+(, \w+){2,}$|, %1, %0$')  # the last: assembly
# Words of the command line, and what goes into records and reports, which are in one language.
EXACT = {
    "blindfold: %s\\n", "blindfold: %s", "blindfold %s", "audit verify|show|merge|keygen FILE|OUT ...", "models list|verify",
    "blindfold audit checkpoint\\n%\\n%s\\n%s\\n", "seccomp, landlock", ", as shipped (slower)", ", own engine%s (%s)", " for detection", " for recognition", ", ONNX Runtime %s",
    "%sspot check of %g%%, seed %s", " under a seal",
}


def unmarked(text):
    """Yields (line, text) of the strings that are not marked."""
    line, calls, before, string = 1, [], "", None
    for token in TOKEN.findall(text):
        if token.isspace() or token.startswith(("/*", "//")):
            line += token.count("\n")
            continue
        if token[0] == '"':
            if string is None:
                string = [line, "", calls[-1] if calls else ""]
            string[1] += token[1:-1]
        elif string and re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", token):
            pass  # a macro between two strings is a string as well
        else:
            if string and not MARKS & set(calls) and string[2] not in CALLS and TWO_WORDS.search(string[1]):
                if string[1] not in EXACT and not FOR_PROGRAMS.search(string[1]):
                    yield string[0], string[1]
            string = None
            if token == "(":
                calls.append(before)
            elif token == ")" and calls:
                calls.pop()
        before = token


found = False
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as source:
        for line, text in unmarked(source.read()):
            print(f"{name}:{line}: not marked for translation: {text}")
            found = True
sys.exit(found)
