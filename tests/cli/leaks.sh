#!/usr/bin/env bash
# The applicant's name is planted in every channel of a picture and of its archive that is not the picture itself; then it must be in no byte
# of anything that the run leaves or says, in no encoding. First the search has to find it in the input. Needs the models, python3.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
"$PAGEMAKER" --seed 13 --packages 1 --pages 1 --captures clean --kinds summary --out dossiers >/dev/null || fail "no pages"
name=$(sed -n 2p dossiers/roster.csv | cut -d , -f 2)
unzip -qjo dossiers/in/*.zip -d pages || fail "no page"

cat >plant.py <<'PYTHON'
"""plant.py PAGE NAME: in.zip with the name in every channel."""
import struct, sys, zipfile

page, name = open(sys.argv[1], "rb").read(), sys.argv[2]
codes = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
texts = b" | ".join(name.encode(c) for c in codes)


def segment(code, payload):
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


def ifd(entries, at, more=0):
    """A little-endian IFD at offset `at` with ASCII or UNDEFINED values behind it."""
    head, tail = struct.pack("<H", len(entries)), b""
    values = at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        if isinstance(value, int):
            head += struct.pack("<HHII", tag, 4, 1, value)
        else:
            head += struct.pack("<HHII", tag, kind, len(value), values + len(tail))
            tail += value
    return head + struct.pack("<I", more) + tail


def exif():
    thumbnail = b"\xff\xd8" + segment(0xFE, texts) + b"\xff\xd9"
    first = lambda more: ifd([(0x010E, 2, texts), (0x013B, 2, texts), (0x8298, 2, texts), (0x9286, 7, b"UNICODE\0" + texts), (0x927C, 7, texts),
                              (0x9C9D, 1, name.encode("utf-16-le"))], 8, more)
    at = 8 + len(first(0))
    second = lambda where: ifd([(0x0201, 4, where), (0x0202, 4, len(thumbnail))], at)
    return b"Exif\0\0II*\0\x08\0\0\0" + first(at) + second(at + len(second(0))) + thumbnail


xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>" + texts + b"</dc:creator></x:xmpmeta>"
iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(texts) + 5) + b"\x1c\x02\x50" + struct.pack(">H", len(texts)) + texts
planted = [segment(0xE1, exif()), segment(0xE1, xmp), segment(0xED, iptc), segment(0xE0, b"JFXX\0\x10" + texts), segment(0xE2, b"MPF\0" + texts),
           segment(0xE2, b"ICC_PROFILE\0\1\1" + texts), segment(0xEB, texts), segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + texts), segment(0xFE, texts)]
page = page[:2] + b"".join(planted) + page[2:] + texts + page

with zipfile.ZipFile("in.zip", "w") as z:
    z.comment = texts
    for path in (name + "的材料/" + name + "1.jpg", "个人总结/" + name + ".jpg", name + "/notes.txt", name + "/empty.jpg"):
        info = zipfile.ZipInfo(path)
        info.comment, info.extra = texts, struct.pack("<HH", 0x7075, len(texts)) + texts
        z.writestr(info, b"" if "empty" in path else texts if "notes" in path else page)
PYTHON

cat >search.py <<'PYTHON'
"""search.py NAME FILE...: which files hold the name, in which encoding; zips inflated."""
import sys, zipfile

codes = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
found = False
for path in sys.argv[2:]:
    data = open(path, "rb").read()
    parts = [data]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            parts += [z.read(i) for i in z.infolist()] + [i.filename.encode() for i in z.infolist()]
    for code in codes:
        if any(sys.argv[1].encode(code) in part for part in parts):
            found = True
            print(path, code)
sys.exit(0 if found else 1)
PYTHON

python3 plant.py "$(find pages -type f | head -1)" "$name" || fail "the archive could not be made"
case_name="the search finds what was planted"
[ "$(python3 search.py "$name" in.zip | wc -l)" -eq 4 ] || fail "it does not"

mkdir tmp
TMPDIR=$SCRATCH/tmp HOME=$SCRATCH/tmp run redact -n "$name" --id A1 -o out in.zip --progress plain
[ "$status" -le 1 ] || fail "exit status $status"
case_name="something was redacted"
jq -e '[.pages[] | select(.masks | length > 0)] | length == 2' out/reports/A1.json >/dev/null || fail "not two masked pages"
case_name="no file and no message holds the name"
mapfile -t files < <(find out tmp -type f; echo "$SCRATCH/.stdout"; echo "$SCRATCH/.stderr")
[ "${#files[@]}" -ge 6 ] || fail "only ${#files[@]} files"
python3 search.py "$name" "${files[@]}" >&2 && fail "it does"
find out tmp | grep -qF "$name" && fail "a file's name does"
case_name="temporary and finished files are private"
open_to_others=$(find out -type f -perm /077 \( -name '*.zip' -o -name '*.json*' -o -name 'state.db*' -o -name 'audit*' \))
[ -z "$open_to_others" ] || fail "others may read $open_to_others"
[ -z "$(find tmp -type f)" ] || fail "files were left in the folder for temporary files"
exit 0
