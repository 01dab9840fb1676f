#!/usr/bin/env bash
# Builds the Debian packages, checks them with lintian, and tries them on a bare Debian 12 in a folder of its own: two commands from
# there to the first redacted sample. Needs root, debootstrap and lintian; the mirror is the one that this machine uses.
#
# usage: packaging/debian/try.sh [FOLDER]     FOLDER for the bare system (default: a temporary one, removed at the end)
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/debian/build.sh >/dev/null
packages=$PWD/build/package/packages
lintian --fail-on error "$packages"/*.deb

if [ $# -gt 0 ]; then
    bare=$1
else
    bare=$(mktemp -d)
    trap 'rm -rf "$bare"' EXIT
fi
# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
[ -x "$bare/usr/bin/apt-get" ] || debootstrap --variant=minbase bookworm "$bare" "$mirror" >/dev/null
cp "$packages"/*.deb "$bare/root/"
cp /etc/apt/apt.conf.d/*proxy* "$bare/etc/apt/apt.conf.d/" 2>/dev/null || true

try() {
    echo "+ $1"
    chroot "$bare" /bin/sh -c "cd /root && $1"
}
# shellcheck disable=SC2016 # the shell inside expands it
{
    try 'apt-get install -y -q --no-install-recommends ./blindfold_*.deb ./blindfold-models_*.deb >/dev/null'
    try 'blindfold redact -r /usr/share/blindfold/sample/roster.csv -o OUT /usr/share/blindfold/sample/in || [ $? -eq 1 ]'
    try 'blindfold audit verify OUT'
}
