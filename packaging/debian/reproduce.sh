#!/usr/bin/env bash
# Builds the Debian packages twice, from copies of this tree's last commit, and compares them byte by byte. The second time another folder,
# another umask, time zone, language and home, other times of the files, and, where Debian's faketime is there, another year.
# No compiler cache. Takes a few minutes of one core.
#
# usage: packaging/debian/reproduce.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CMAKE_C_COMPILER_LAUNCHER SOURCE_DATE_EPOCH

# copy FOLDER: the commit, and the models that were fetched.
copy() {
    mkdir -p "$1/models"
    git archive HEAD | tar -x -C "$1"
    cp -r models/fetched "$1/models/"
}
copy "$work/a"
copy "$work/another folder, and a longer one/b"
find "$work/another folder, and a longer one" -type f -exec touch -d '2011-03-04 05:06:07' {} +
chmod -R go-rwx "$work/another folder, and a longer one"
later=()
if command -v faketime >/dev/null; then later=(faketime -f '@2031-05-06 07:08:09'); fi

"$work/a/packaging/debian/build.sh" -j1 >"$work/a.log"
(
    umask 077
    cd "$work/another folder, and a longer one/b"
    env HOME="$work" TZ=Asia/Shanghai LC_ALL=C LANG=zh_CN.UTF-8 ${later[@]+"${later[@]}"} packaging/debian/build.sh -j1 >"$work/b.log"
)

same=true
for deb in "$work"/a/build/package/packages/*.deb; do
    other="$work/another folder, and a longer one/b/build/package/packages/${deb##*/}"
    if cmp "$deb" "$other"; then
        sha256sum "$deb" | sed "s|$work.*/||"
        continue
    fi
    same=false
    # Which member differs, and which files in it.
    for side in "$deb" "$other"; do
        rm -rf "$work/look"
        dpkg-deb -R "$side" "$work/look"
        (cd "$work/look" && find . -printf '%p %m %T@ %l ' -type f -exec sh -c 'sha256sum <"$1"' - {} \; -o -printf '%p %m %T@ %l\n' | sort)
    done >"$work/files"
    sort "$work/files" | uniq -u
done
$same
