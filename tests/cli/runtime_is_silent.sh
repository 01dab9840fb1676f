#!/usr/bin/env bash
# ONNX Runtime writes down that it was used and sends it to its makers, unless told in time not to. Nothing of that may happen: no
# file appears in the home or among the temporary files, and (where strace is) no socket is opened. Where our own engine reads, the library
# is not even looked for.
set -euo pipefail
mkdir -p "$SCRATCH"
home=$(mktemp -d "$SCRATCH/home.XXXXXX")
trap 'rm -rf "$home"' EXIT
unset ORT_DISABLE_TELEMETRY
mkdir "$home/tmp"
export HOME=$home XDG_CACHE_HOME=$home/cache TMPDIR=$home/tmp

# Without the engine's weights the networks run on the runtime.
models=${BLINDFOLD_MODELS:-$SOURCE/models/fetched}
mkdir -p "$home/networks/fetched"
cp "$models/../manifest.json" "$home/networks/"
for file in "$models"/*; do
    case $file in *.weights) ;; *) ln -s "$file" "$home/networks/fetched/" ;; esac
done
if [[ $("$BLINDFOLD" --version) =~ own\ engine\ \([^\)]*\),\ model ]]; then
    said=$(BLINDFOLD_ORT=$home/none "$BLINDFOLD" --version)
    if [[ ! $said =~ own\ engine\ \([^\)]*\),\ model\ [0-9a-f]+\ \ ready ]]; then
        echo "runtime_is_silent: the runtime is looked for though nothing runs on it"
        exit 1
    fi
fi
export BLINDFOLD_MODELS=$home/networks/fetched
said=$(BLINDFOLD_ORT=$home/none "$BLINDFOLD" --version)
if [[ $said != *"ONNX Runtime was not found"* ]]; then
    echo "runtime_is_silent: a missing runtime is not told"
    exit 1
fi

"$BLINDFOLD" models list >"$home/list"
grep -q 'ONNX Runtime' "$home/list" || {
    echo "runtime_is_silent: the networks do not run on the runtime"
    exit 1
}
rm "$home/list"
left=$(find "$home" -type f ! -name manifest.json)
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
