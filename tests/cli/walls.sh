#!/usr/bin/env bash
# The rooms' walls: reads every #include below src/ and include/ and fails, naming file and line, when a third-party header is used
# outside its room, or a room's header by somebody who may not know that room. Before it believes itself it must find the breaches
# that it plants in the scratch folder, and nothing else there.
set -euo pipefail
source_dir=${SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
scratch=${SCRATCH:-$(mktemp -d)}

# Whom each room may know. A public header says in its first line which room it belongs to: "(image)".
declare -A knows=(
    [base]="base"
    [guard]="guard"
    [record]="record base"
    [image]="image base"
    [name]="name base"
    [read]="read base"
    [page]="page guard read name image base"
    [package]="package page guard read name image base"
    [batch]="batch package page guard read name image record base"
    [review]="review batch package page guard read name image record base"
    [cmd]="cmd review batch package page guard read name image record base"
)

# These functions answer in variables, not in subshells: a fork for each of many includes would take most of the test's time.

# Where a header that is not ours may be used -> places: "-" is everywhere, folders below src/ otherwise; nothing: nobody has said yet.
place_of() {
    places=
    case $1 in
    zip.h | zipconf.h) places=package ;;
    jpeglib.h | jerror.h | jmorecfg.h | jconfig.h | turbojpeg.h | setjmp.h) places=image ;;
    tesseract/* | leptonica/* | allheaders.h) places=read/tesseract ;;
    dlfcn.h | onnxruntime*) places=read/ppocr ;;
    fontconfig/* | freetype/*) places=read/glyph ;;
    unicode/*) places=name ;;
    sqlite3.h | libxml/*) places="batch" ;;
    sodium.h) places=record ;;
    libsoup/*) places=review ;;
    seccomp.h | linux/seccomp.h | linux/landlock.h) places=guard ;;
    json-glib/*) places="record read cmd review" ;;
    glib.h | glib-unix.h | glib-object.h | glib/* | gio/*) places=- ;;
    sys/* | arpa/* | netinet/* | linux/*) places=- ;;
    assert.h | ctype.h | dirent.h | errno.h | fcntl.h | fenv.h | float.h | fnmatch.h | ftw.h | getopt.h | glob.h | iconv.h) places=- ;;
    cpuid.h | immintrin.h | arm_neon.h | inttypes.h | langinfo.h | limits.h | locale.h | malloc.h | math.h | netdb.h | poll.h) places=- ;;
    pthread.h | sched.h | semaphore.h | signal.h | spawn.h | std*.h | string.h | strings.h | termios.h | time.h) places=- ;;
    uchar.h | unistd.h | wchar.h | wctype.h) places=- ;;
    esac
}

# The room of a header of ours, given its path below the tree -> room.
room_of_header() {
    local first
    room=
    case $1 in
    include/*)
        read -r first <"$1" || true
        [[ $first =~ \(([a-z]+)\) && -n ${knows[${BASH_REMATCH[1]}]-} ]] && room=${BASH_REMATCH[1]}
        ;;
    src/main.c) room=cmd ;;
    src/*/*) first=${1#src/} && room=${first%%/*} ;;
    esac
    return 0
}

# The path of a header of ours, relative to the tree -> ours; empty when it is not ours.
find_ours() {
    local file=$1 name=$2 candidate
    ours=
    for candidate in "${file%/*}/$name" "src/$name" "include/$name"; do
        [ -f "$candidate" ] || continue
        ours=$candidate
        [[ $candidate != *./* ]] || ours=$(realpath --relative-to . "$candidate")
        return
    done
}

# One include: why it breaks a wall -> why, or empty.
judge() {
    local file=$1 name=$2 place mine
    room_of_header "$file" && mine=$room
    find_ours "$file" "$name"
    why=
    if [ -z "$ours" ]; then
        place_of "$name"
        for place in $places; do
            [[ $place == - || $file == src/$place/* ]] && return
        done
        why="<$name> belongs to $places"
        [ -n "$places" ] || why="<$name> has no room yet: give it one in tests/cli/walls.sh"
        return
    fi
    room_of_header "$ours"
    if [ -z "$room" ]; then
        why="the first line of $ours does not name its room"
    elif [[ " ${knows[$mine]-} " != *" $room "* ]]; then
        why="$mine may not know $room ($ours)"
    elif [[ $ours == src/* && $room != "$mine" && $room != base ]]; then # what base has is for all
        why="$ours is private to $room"
    fi
}

# Looks at the tree $1; prints the breaches as file:line: why, and fails when there is one.
check_tree() (
    cd "$1"
    breaches=0
    while IFS=: read -r file line text; do
        [[ $text =~ include[[:space:]]*[\<\"]([^\>\"]*) ]] && name=${BASH_REMATCH[1]} || name=$text
        judge "$file" "$name"
        if [ -n "$why" ]; then
            echo "$file:$line: $why"
            breaches=$((breaches + 1))
        fi
    done < <(grep -rnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' src include | sort)
    [ "$breaches" -eq 0 ]
)

# file | text | the breach that must be found ("" = none)
planted=(
    'include/blindfold/jpeg.h|/* Pictures (image). */|'
    'include/blindfold/query.h|/* Plain data (base). */|'
    'include/blindfold/page.h|/* A page (page). */ @#include "blindfold/query.h"|'
    'include/blindfold/name.h|/* A name (name). */|'
    'include/blindfold/reader.h|/* Readers (read). */|'
    'include/blindfold/batch.h|/* Many (batch). */|'
    'include/blindfold/report.h|/* Reports (record). */|'
    'include/blindfold/lost.h|/* Nobody'"'"'s. */|'
    'include/blindfold/up.h|/* Plain (base). */ @#include <glib.h>@#include "blindfold/page.h"|include/blindfold/up.h:3: base may not know page (include/blindfold/page.h)'
    'src/main.c|#include "blindfold/page.h"|'
    'src/base/a.c|#include <stdio.h>@#include "blindfold/query.h"@# include "blindfold/jpeg.h"|src/base/a.c:3: base may not know image (include/blindfold/jpeg.h)'
    'src/base/help.h|#include <glib.h>|'
    'src/image/inner.h|#include <jpeglib.h>@#include "base/help.h"|'
    'src/image/b.c|#include "image/inner.h"@#include "inner.h"@#include <setjmp.h>|'
    'src/image/c.c|#include <zip.h>|src/image/c.c:1: <zip.h> belongs to package'
    'src/name/d.c|#include <unicode/utrans.h>@#include "../image/inner.h"|src/name/d.c:2: name may not know image (src/image/inner.h)'
    'src/page/e.c|#include "blindfold/jpeg.h"@#include "image/inner.h"|src/page/e.c:2: src/image/inner.h is private to image'
    'src/page/f.c|#include "jpeglib.h"|src/page/f.c:1: <jpeglib.h> belongs to image'
    'src/read/ppocr/g.c|#include <tesseract/capi.h>|src/read/ppocr/g.c:1: <tesseract/capi.h> belongs to read/tesseract'
    'src/read/tesseract/h.c|#include <tesseract/capi.h>@#include <leptonica/allheaders.h>@#include <json-glib/json-glib.h>|'
    'src/read/n.c|#include "blindfold/name.h"|src/read/n.c:1: read may not know name (include/blindfold/name.h)'
    'src/name/o.c|#include "blindfold/reader.h"|src/name/o.c:1: name may not know read (include/blindfold/reader.h)'
    'src/image/p.c|#include "blindfold/reader.h"|src/image/p.c:1: image may not know read (include/blindfold/reader.h)'
    'src/package/q.c|#include "blindfold/batch.h"|src/package/q.c:1: package may not know batch (include/blindfold/batch.h)'
    'src/record/r.c|#include "blindfold/page.h"|src/record/r.c:1: record may not know page (include/blindfold/page.h)'
    'src/package/i.c|#include <zip.h>@#include "blindfold/report.h"|src/package/i.c:2: package may not know record (include/blindfold/report.h)'
    'src/batch/j.c|#include <sqlite3.h>@#include "blindfold/report.h"@#include <libsoup/soup.h>|src/batch/j.c:3: <libsoup/soup.h> belongs to review'
    'src/record/k.c|#include <json-glib/json-glib.h>@#include <curl/curl.h>|src/record/k.c:2: <curl/curl.h> has no room yet: give it one in tests/cli/walls.sh'
    'src/cmd/l.c|#include "blindfold/lost.h"|src/cmd/l.c:1: the first line of include/blindfold/lost.h does not name its room'
)

plant() {
    local tree=$1 row file text
    rm -rf "$tree"
    for row in "${planted[@]}"; do
        IFS='|' read -r file text _ <<<"$row"
        mkdir -p "$tree/$(dirname "$file")"
        tr '@' '\n' <<<"$text" >"$tree/$file"
    done
}

expected=$(printf '%s\n' "${planted[@]}" | cut -d '|' -f 3 | sed '/^$/d' | sort)
plant "$scratch/walls"
if found=$(check_tree "$scratch/walls"); then
    echo "walls: the planted breaches were not found"
    exit 1
fi
if ! diff <(echo "$expected") <(sort <<<"$found"); then
    echo "walls: not exactly the planted breaches were found (< planted, > found)"
    exit 1
fi
rm -rf "$scratch/walls"

check_tree "$source_dir"
