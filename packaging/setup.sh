#!/bin/sh
# Installs what building, testing and the sample pages need, as far as it is missing: Debian packages through apt, and the models
# through models/fetch.sh. Run it as often as you like: with everything there it takes a moment and touches no network.
#
# usage: packaging/setup.sh [--list]      --list prints the Debian packages, one a line, and installs nothing
set -eu
cd "$(dirname "$0")/.."

build='build-essential cmake ninja-build pkgconf gettext libglib2.0-dev libjson-glib-dev libicu-dev libzip-dev libjpeg-dev
    libleptonica-dev libtesseract-dev libxml2-dev libsqlite3-dev libsodium-dev libseccomp-dev libsoup-3.0-dev
    libfontconfig-dev libfreetype-dev'
readers='tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-uig tesseract-ocr-eng jq python3-onnx'
pages='libpango1.0-dev libcairo2-dev fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei fonts-wqy-microhei
    fonts-lxgw-wenkai fonts-cwtex-fs fonts-dejavu-core fonts-ukij-uyghur'
tests='libcmocka-dev zip unzip time python3 chromium'

wanted() {
    # shellcheck disable=SC2086 # a list of words on purpose
    printf '%s\n' $build $readers $pages $tests
    # An npm from elsewhere serves as well as Debian's, which is some 380 packages.
    command -v npm >/dev/null || printf '%s\n' nodejs npm ca-certificates
}

# The packages on stdin that dpkg does not have installed.
missing() {
    while read -r package; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

install_packages() {
    as_root=
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root='sudo -n'
        else
            echo "setup: some Debian packages are missing. As root, run this and then start again:" >&2
            echo "  apt-get update && apt-get install -y --no-install-recommends $*" >&2
            exit 1
        fi
    fi
    echo "setup: installing $# Debian packages and what they need: $*" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

case ${1-} in
--list) wanted; exit ;;
'') ;;
*) echo "usage: packaging/setup.sh [--list]" >&2; exit 2 ;;
esac

if command -v dpkg-query >/dev/null; then
    needed=$(wanted | missing)
    # shellcheck disable=SC2086 # a list of words on purpose
    [ -z "$needed" ] || install_packages $needed
else
    echo "setup: no dpkg here; make sure that the system has what these Debian packages bring:" >&2
    wanted | tr '\n' ' ' | fold -s -w 100 >&2
    echo >&2
fi
exec models/fetch.sh
