#!/usr/bin/env bash
# Builds the Debian packages into build/package/packages. Equal trees give equal packages, wherever and whenever they are built with the same
# tools: paths are mapped away (CMakeLists.txt), and everything inside bears one time, $SOURCE_DATE_EPOCH or that of the changelog's entry.
# reproduce.sh holds it to that.
#
# usage: packaging/debian/build.sh [CMAKE-BUILD-OPTION...]     for example -j1
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 022
export LC_ALL=C.UTF-8 TZ=UTC
: "${SOURCE_DATE_EPOCH:=$(date -d "$(sed -n 's/^ -- .*>  //p' packaging/debian/changelog.in)" +%s)}"
export SOURCE_DATE_EPOCH
rm -rf build/package/packages build/package/_CPack_Packages
cmake --preset package -Wno-dev >/dev/null
cmake --build --preset package --target all sample "$@"
(cd build/package && cpack >/dev/null)
sha256sum build/package/packages/*.deb
