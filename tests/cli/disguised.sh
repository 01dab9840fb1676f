#!/usr/bin/env bash
# More than 200 damaged or disguised files in two zips through check: each is named rightly, and none stops the run. What is expected of a file is in
# its name: rule=detail=number.jpg. Needs the models, python3, jq.
. "$(dirname "$0")/lib.sh"

cat >make.py <<'PYTHON'
import glob, struct, sys, zlib

files = []  # (rule, detail, bytes, flags, method, crc)


def add(rule, detail, data, flags=0, method=0, crc=None):
    files.append((rule, detail, data, flags, method, crc))


starts = [("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), ("gif", b"GIF89a\x10\0\x10\0"), ("gif", b"GIF87a\x10\0\x10\0"),
          ("bmp", b"BM\x36\0\x01\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\0\0\0\x10\0\0\0"), ("tiff", b"II*\0\x08\0\0\0"), ("tiff", b"MM\0*\0\0\0\x08"),
          ("webp", b"RIFF\x24\0\0\0WEBPVP8 "), ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), ("heic", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
          ("avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1"), ("avif", b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1"), ("jxl", b"\0\0\0\x0cJXL \r\n\x87\n"),
          ("jxl", b"\xff\x0a\xfa\x7f"), ("jpeg2000", b"\0\0\0\x0cjP  \r\n\x87\n"), ("pdf", b"%PDF-1.7\n%\xe2\xe3"), ("psd", b"8BPS\0\x01"),
          ("office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("rar", b"Rar!\x1a\x07\x01\0"), ("7z", b"7z\xbc\xaf\x27\x1c"), ("gzip", b"\x1f\x8b\x08\0"),
          ("zip", b"PK\3\4\x14\0\0\0\0\0page.txt"), ("word", b"PK\3\4\x14\0\6\0\x08\0[Content_Types].xml word/document.xml"),
          ("excel", b"PK\3\4\x14\0\6\0\x08\0[Content_Types].xml xl/workbook.xml"),
          ("powerpoint", b"PK\3\4\x14\0\6\0\x08\0[Content_Types].xml ppt/presentation.xml"), ("html", b"\xef\xbb\xbf <!DOCTYPE html><html>"),
          ("xml", b'<?xml version="1.0"?><a/>'), ("text", "个人总结\n".encode()), ("unknown", b"\x01\x02\x03\0\x04")]
for kind, start in starts:
    for tail in (0, 1, 40, 700, 3000):
        add("not-a-jpeg", kind, start + (b"a" if kind == "text" else bytes([tail % 251])) * tail)

samples = {path.rsplit("/", 1)[1][:-4]: open(path, "rb").read() for path in sorted(glob.glob(sys.argv[1] + "/*.jpg"))}


def segments(data):
    at = 2
    while data[at + 1] != 0xDA:
        yield at, data[at + 1]
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    yield at, 0xDA


def place(data, codes):
    return next(at for at, code in segments(data) if code in codes)


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


FRAMES = (0xC0, 0xC1, 0xC2, 0xC9)
for name, data in samples.items():
    data = data[:data.rindex(b"\xff\xd9") + 2]
    frame, scan = place(data, FRAMES), place(data, (0xDA,))
    body = scan + 2 + struct.unpack(">H", data[scan + 2:scan + 4])[0]
    for share in (25, 50, 75, 90):
        add("truncated", "", data[:body + (len(data) - body) * share // 100])
    if name in ("420", "411-metadata", "gray", "rgb", "ycck", "cmyk-adobe"):
        add("damaged", "", data[:body + (len(data) - body) // 2] + b"\xff\xd3" + data[body + (len(data) - body) // 2 + 2:])
    for side in (b"\xff\xdc\xff\xdc", b"\x27\x10\x27\x10"):  # 65500 and 10000 pixels a side
        add("too-large", "", patched(data, frame + 5, side))
    add("corrupt", "", patched(data, frame + 5, b"\0\0\0\0"))
    add("corrupt", "", data[:frame + 4] + b"\xff\xd9")
    add("unsupported-coding", "", patched(data, frame + 1, b"\xc3"))
    add("unsupported-coding", "", patched(data, frame + 4, b"\x0c"))
good = samples["420"]
for _ in range(4):
    add("empty", "", b"")
    add("encrypted", "", good, flags=1)
    add("unreadable-entry", "", good, crc=1)
    add("unreadable-entry", "", good, method=98)


def archive(path, entries):
    out, directory = bytearray(), bytearray()
    for number, (rule, detail, data, flags, method, crc) in entries:
        name = ("%s=%s=%03d.%s" % (rule, detail, number, ("jpg", "jpeg", "JPG")[number % 3])).encode()
        crc = zlib.crc32(data) if crc is None else crc
        head = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, crc, len(data), len(data), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name
        out += b"PK\3\4" + head + name + data
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    open(path, "wb").write(bytes(out + directory + end))


numbered = list(enumerate(files))
archive("one.zip", numbered[:150])
archive("two.zip", numbered[150:])
print(len(files))
PYTHON
count=$(python3 make.py "${SOURCE:?}/tests/data/fuzz/jpeg") || fail "the files could not be made"
[ "$count" -ge 200 ] || fail "only $count files"

run check -n 周明霞 --json one.zip two.zip
expect_status 1
[ "$(jq '[.packages[].pages[]] | length' .stdout)" -eq "$count" ] || fail "pages: $(jq '[.packages[].pages[]] | length' .stdout) of $count"
wrong=$(jq -r '.packages[].pages[] | (.entry | split("=")) as $want | select([.findings[] | select(.rule == $want[0] and ($want[1] == "" or .detail == $want[1]))] == [])
               | .entry + ": " + ([.findings[] | .rule + " " + (.detail // "")] | join(", "))' .stdout)
[ -z "$wrong" ] || fail "named wrongly: $wrong"
# What is not what it seems is that and nothing else.
more=$(jq -r '.packages[].pages[] | select((.entry | startswith("not-a-jpeg") or startswith("e") or startswith("unr")) and ([.findings[] | select(.rule | endswith("duplicate") | not)] | length != 1)) | .entry' .stdout)
[ -z "$more" ] || fail "more than one finding: $more"
