#!/usr/bin/env bash
# models/fetch.sh on small packages of its own: what is right is kept, what is not leaves nothing behind.
set -euo pipefail
source_dir=${SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
scratch=${SCRATCH:-$(mktemp -d)}
rm -rf "$scratch"
mkdir -p "$scratch/package/sub" "$scratch/packages" "$scratch/bin"
cd "$scratch"

fail() {
    echo "models_fetch: $*"
    exit 1
}

# Runs fetch.sh on the small packages; what it says goes to `said`. There is no library of the system's unless a case brings one.
fetch() {
    PATH=$scratch/bin:$PATH "$source_dir/models/fetch.sh" --manifest manifest.json --to to "$@" >said 2>&1
}

# The folder holds exactly these files, and no temporary one.
holds() {
    local there
    there=$(shopt -s dotglob nullglob && cd to && echo *)
    [ "$there" = "$*" ] || fail "$case_name: holds \"$there\", should be \"$*\""
}

said() {
    grep -qF -- "$1" said || fail "$case_name: did not say \"$1\" but: $(cat said)"
}

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

item() {
    printf '{"name": "%s", "kind": "%s", "package": "small@1.0.0", "path": "sub/%s", "file": "%s", "sha256": "%s", "size": %d%s}' \
        "$1" "$2" "$1" "$1" "$(sum "package/sub/$1")" "$(wc -c <"package/sub/$1")" "${3-}"
}

echo "weights" >package/sub/weights.onnx
echo "library" >package/sub/lib.so
echo "for another machine" >package/sub/other.so
tar -czf packages/small-1.0.0.tgz package
cp packages/small-1.0.0.tgz good.tgz
printf '#!/bin/sh\n' >bin/ldconfig
chmod +x bin/ldconfig
cat >manifest.json <<END
{"schema": "blindfold.models/1",
 "packages": [{"package": "small@1.0.0", "tarball": "small-1.0.0.tgz", "sha256": "$(sum good.tgz)", "size": $(wc -c <good.tgz)}],
 "items": [$(item weights.onnx model), $(item lib.so runtime ", \"arch\": \"$(uname -m)\""), $(item other.so runtime ', "arch": "pdp11"')]}
END
cp manifest.json manifest.good

case_name="fetched"
fetch --from packages || fail "$case_name: $(cat said)"
holds lib.so weights.onnx
fetch --verify || fail "$case_name: $(cat said)"

case_name="again: nothing is needed for it"
fetch --from nowhere || fail "$case_name: $(cat said)"

case_name="a changed file is told and mended"
echo "weighty" >to/weights.onnx
fetch --verify && fail "$case_name: not seen"
said "WRONG    weights.onnx"
fetch --from packages || fail "$case_name: $(cat said)"
fetch --verify || fail "$case_name: $(cat said)"

case_name="a missing file is told"
rm to/lib.so
fetch --verify && fail "$case_name: not seen"
said "missing  lib.so"

case_name="a system's own runtime is used"
printf '#!/bin/sh\nprintf "\\tlibonnxruntime.so.1.21 (libc6) => /usr/lib/libonnxruntime.so.1.21\\n"\n' >bin/ldconfig
fetch --from nowhere || fail "$case_name: $(cat said)"
said "ONNX Runtime is the system's libonnxruntime.so.1.21"
holds weights.onnx
printf '#!/bin/sh\n' >bin/ldconfig

case_name="a package that is not the manifest's"
rm -rf to
echo "someone else's" >package/sub/weights.onnx
tar -czf packages/small-1.0.0.tgz package
fetch --from packages && fail "$case_name: taken"
said "is not what the manifest says"
holds

case_name="a file that is not the manifest's in a package that is"
jq --arg sum "$(sum packages/small-1.0.0.tgz)" --argjson size "$(wc -c <packages/small-1.0.0.tgz)" \
    '.packages[0] += {sha256: $sum, size: $size} | .items |= (map(select(.kind == "runtime")) + map(select(.kind != "runtime")))' \
    manifest.good >manifest.json
fetch --from packages && fail "$case_name: taken"
said "sub/weights.onnx is not what the manifest says"
holds lib.so

case_name="npm fails"
rm -rf to
cp manifest.good manifest.json
printf '#!/bin/sh\nexit 1\n' >bin/npm
chmod +x bin/npm
fetch && fail "$case_name: not seen"
said "npm could not fetch small@1.0.0"
holds

case_name="no runtime for this machine"
cp good.tgz packages/small-1.0.0.tgz
jq '.items |= map(select(.name != "lib.so"))' manifest.good >manifest.json
fetch --from packages || fail "$case_name: $(cat said)"
said "--reader tesseract"
holds weights.onnx

case_name="a network that can't be rewritten is used as it is"
jq --arg sum "$(sum package/sub/lib.so)" \
    '.items += [{name: "fast", kind: "rewritten", from: "weights.onnx", file: "fast.onnx", sha256: $sum, size: 8}]' manifest.good >manifest.json
rm -rf to
fetch --from packages || fail "$case_name: $(cat said)"
said "weights.onnx is used as it is"
holds lib.so weights.onnx
fetch --verify && fail "$case_name: not seen"
said "missing  fast.onnx"

case_name="no python3-onnx: everything else is there"
sed 's|/usr/bin/python3 python3|/no-such-python|' "$source_dir/models/fetch.sh" >fetch-without.sh
bash fetch-without.sh --manifest manifest.json --to to --from nowhere >said 2>&1 || fail "$case_name: $(cat said)"
said "python3-onnx is not there"
holds lib.so weights.onnx

case_name="the manifest's networks are rewritten to its hashes"
mkdir real
for file in "$source_dir"/models/fetched/*; do
    case $file in *rewritten*) echo stale >"real/${file##*/}" ;; *) ln -s "$file" real/ ;; esac
done
"$source_dir/models/fetch.sh" --to real --from nowhere >said 2>&1 || fail "$case_name: $(cat said)"
cmp real/ch_PP-OCRv4_rec_rewritten.onnx "$source_dir/models/fetched/ch_PP-OCRv4_rec_rewritten.onnx" || fail "$case_name: $(cat said)"
"$source_dir/models/fetch.sh" --to real --verify >said 2>&1 || fail "$case_name: $(cat said)"

case_name="the manifest's own files"
"$source_dir/models/fetch.sh" --verify >said 2>&1 || fail "$case_name: $(cat said)"
