#!/usr/bin/env bash
# Packages from strangers: one roster, one hostile archive a row, and the verdict and words that each must get. Nothing is written outside of
# the output, no name or foreign text is said, and the good package among them is done as if it stood alone. Needs the models, python3.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}"
"$PAGEMAKER" --seed 12 --packages 1 --pages 1 --captures clean --kinds summary --out dossiers >/dev/null || fail "no pages"
name=$(sed -n 2p dossiers/roster.csv | cut -d , -f 2)

# Each case: id, verdict, words in the package's reasons, words in its list of what was dropped ("-": none).
cat >cases <<'CASES'
good        any       -                    -
truncated   failed    not-a-zip            -
text        failed    not-a-zip            -
empty-file  failed    not-a-zip            -
no-entries  held      no-pages             -
entries     failed    over-limits          -
total       failed    over-limits          -
zeros       held      too-large            too-large
ratio       held      too-large            too-large
size-lie    held      unreadable-entry     -
crc-lie     held      unreadable-entry     -
overlap     any       -                    -
nested      held      no-pages             not-an-image
traversal   held      unsafe-path          unsafe-path
absolute    held      unsafe-path          unsafe-path
drive       held      unsafe-path          unsafe-path
backslash   held      unsafe-path          unsafe-path
control     held      unsafe-path          unsafe-path
deep        held      unsafe-path          unsafe-path
symlink     held      not-an-image         not-an-image
duplicate   held      duplicate            duplicate
case-clash  held      duplicate            duplicate
encrypted   held      encrypted            encrypted
method      held      unreadable-entry     -
multi-disk  failed    not-a-zip            -
junk-before any       -                    -
uncounted   any       -                    -
junk-after  any       -                    -
zip64       any       -                    -
false-utf8  any       -                    -
bad-jpeg    held      not-a-jpeg           -
cut-jpeg    held      truncated            -
huge-jpeg   held      too-large            -
zero-jpeg   held      not-a-jpeg,corrupt   -
CASES

cat >make.py <<'PYTHON'
"""Writes one hostile archive a case, byte by byte where zipfile would refuse."""
import os, struct, sys, zipfile, zlib

page = open(sys.argv[1], "rb").read()
os.makedirs("in", exist_ok=True)


def entry(name, data, method=0, flags=0, size=None, packed=None, crc=None, made_by=20, attributes=0, extra=b"", disk=0):
    raw = data
    if method == 8:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = deflate.compress(data) + deflate.flush()
    return dict(name=name if isinstance(name, bytes) else name.encode(), raw=raw, method=method, flags=flags,
                size=len(data) if size is None else size, packed=len(raw) if packed is None else packed,
                crc=zlib.crc32(data) if crc is None else crc, made_by=made_by, attributes=attributes, extra=extra, disk=disk, at=None)


def archive(entries, disks=(0, 0), before=b"", after=b"", comment=b"", count=None):
    out, directory = bytearray(before), bytearray()
    for e in entries:
        if e["at"] is None:
            e["at"] = len(out)
            out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, e["flags"], e["method"], 0, 33, e["crc"], e["packed"], e["size"],
                               len(e["name"]), len(e["extra"])) + e["name"] + e["extra"] + e["raw"]
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", e["made_by"], 20, e["flags"], e["method"], 0, 33, e["crc"], e["packed"],
                                 e["size"], len(e["name"]), len(e["extra"]), 0, e["disk"], 0, e["attributes"], e["at"]) + e["name"] + e["extra"]
    n = len(entries) if count is None else count
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", disks[0], disks[1], n, n, len(directory), len(out), len(comment)) + comment
    return bytes(out + directory + end + after)


def write(case, data):
    with open("in/%s.zip" % case, "wb") as f:
        f.write(data)


one = lambda **more: [entry("1.jpg", page, **more)]
write("good", archive(one()))
write("truncated", archive(one())[:-40])
write("text", b"no archive at all\n" * 100)
write("empty-file", b"")
write("no-entries", archive([]))
write("entries", archive([entry("%d.txt" % i, b"") for i in range(65535)]))
write("total", archive([entry("%d.jpg" % i, b"\xff\xd8\xff", size=60 << 20, packed=60 << 20) for i in range(40)]))
gigabyte = zlib.compressobj(9, zlib.DEFLATED, -15)
zeros = b"".join(gigabyte.compress(bytes(1 << 24)) for _ in range(64)) + gigabyte.flush()
bomb = entry("1.jpg", b"")
bomb.update(raw=zeros, method=8, size=1 << 30, packed=len(zeros), crc=0)
write("zeros", archive([bomb]))
write("ratio", archive([entry("1.jpg", bytes(8 << 20), method=8)]))
lie = entry("1.jpg", b"")
lie.update(raw=zeros, method=8, size=100000, packed=len(zeros), crc=0)
write("size-lie", archive([lie]))
write("crc-lie", archive(one(crc=1)))
first = entry("1.jpg", page)
second = dict(first, name=b"2.jpg", at=0)
write("overlap", archive([first, second]))
write("nested", archive([entry("more.zip", archive(one()))]))
for case, bad in (("traversal", "../../escaped.jpg"), ("absolute", "/escaped.jpg"), ("drive", "C:/escaped.jpg"), ("backslash", "a\\..\\..\\escaped.jpg"),
                  ("control", "a\x01.jpg"), ("deep", "d/" * 40 + "1.jpg")):
    write(case, archive(one() + [entry(bad, page)]))
write("symlink", archive(one() + [entry("2.jpg", b"/etc/passwd", made_by=3 << 8 | 20, attributes=0o120777 << 16)]))
write("duplicate", archive(one() + one()))
write("case-clash", archive([entry("a.jpg", page), entry("A.JPG", page)]))
write("encrypted", archive([entry("1.jpg", page, flags=1)]))
write("method", archive([entry("1.jpg", page, method=98)]))
write("multi-disk", archive([entry("1.jpg", page, disk=3)], disks=(4, 3)))
write("junk-before", archive(one(), before=b"MZ" + bytes(5000)))
write("uncounted", b"MZ" + bytes(5000) + archive(one()))
write("junk-after", archive(one(), after=bytes(300)))
with zipfile.ZipFile("in/zip64.zip", "w") as z:
    with z.open("1.jpg", "w", force_zip64=True) as f:
        f.write(page)
write("false-utf8", archive([entry("\u9648.jpg".encode("gb18030"), page, flags=0x800)]))
write("bad-jpeg", archive([entry("1.jpg", b"GIF89a and so on")]))
write("cut-jpeg", archive([entry("1.jpg", page[: len(page) // 2])]))
sof = page.index(b"\xff\xc0")
huge = bytearray(page)
huge[sof + 5 : sof + 9] = b"\xff\xff\xff\xff"
write("huge-jpeg", archive([entry("1.jpg", bytes(huge))]))
huge[sof + 5 : sof + 9] = b"\0\0\0\0"
write("zero-jpeg", archive([entry("1.jpg", bytes(huge))]))
PYTHON

unzip -qjo dossiers/in/*.zip -d pages || fail "no page"
first_page=$(find pages -type f | head -1)
python3 make.py "$first_page" || fail "the archives could not be made"
{
    echo "id,name"
    while read -r id _; do echo "$id,$name"; done <cases
} >roster.csv

run redact -r roster.csv -o out -j 2 --progress plain in
expect_status 3
find . -name 'escaped*' | grep -q . && fail "an entry escaped"
[ ! -e /escaped.jpg ] || fail "an entry was written to an absolute path"

while read -r id verdict reasons dropped; do
    case_name=$id
    report=out/reports/$id.json
    got=$(jq -r .package.verdict "$report") || fail "no report"
    [ "$verdict" = any ] && { [ "$got" = held ] || [ "$got" = released ]; } || [ "$verdict" = "$got" ] || fail "verdict $got"
    if [ "$reasons" != - ]; then
        words=$(jq -r '.package.reasons | join(",")' "$report")
        matched=
        for word in ${reasons//,/ }; do
            [[ ,$words, == *,$word,* ]] && matched=1
        done
        [ "$matched" ] || fail "reasons are $words"
    fi
    words=$(jq -r '[.dropped[].reason] | unique | join(",")' "$report")
    [ "$words" = "${dropped/#-/}" ] || fail "dropped are $words"
    places=$(ls "out/packages/$id.zip" "out/held/$id.zip" 2>/dev/null | wc -l)
    [ "$places" -eq "$([ "$got" = failed ] && echo 0 || echo 1)" ] || fail "it is in $places places"
done <cases

# What can be processed is: the page beside the unsafe entry is the page of the good package.
case_name="the good page beside bad ones"
sum() { jq -r '[.pages[].sha256_out] | unique | join(" ")' "out/reports/$1.json"; }
for id in overlap traversal absolute drive backslash control deep symlink duplicate case-clash junk-before uncounted junk-after zip64 false-utf8; do
    [ "$(sum "$id")" = "$(sum good)" ] || fail "$id: not the same page"
done
grep -qF "$name" "$SCRATCH/.stderr" && fail "the name was said"
exit 0
