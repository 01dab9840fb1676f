#!/usr/bin/env bash
# ONNX Runtime writes down that it was used and sends it to its makers, unless told in time not to. Nothing of that may happen: no
# file appears in the home or among the temporary files, and (where strace is) no socket is opened.
set -euo pipefail
mkdir -p "$SCRATCH"
home=$(mktemp -d "$SCRATCH/home.XXXXXX")
trap 'rm -rf "$home"' EXIT
unset ORT_DISABLE_TELEMETRY
mkdir "$home/tmp"
export HOME=$home XDG_CACHE_HOME=$home/cache TMPDIR=$home/tmp

"$BLINDFOLD" models list >/dev/null
left=$(find "$home" -type f)
if [ -n "$left" ]; then
    echo "runtime_is_silent: the runtime left files behind:"
    echo "$left"
    exit 1
fi
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
    strace -f -qq -e trace=socket,connect -o "$home/trace" "$BLINDFOLD" models list >/dev/null
    if grep AF_ "$home/trace"; then
        echo "runtime_is_silent: the program opened a socket"
        exit 1
    fi
fi
