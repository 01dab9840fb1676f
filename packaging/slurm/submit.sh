#!/usr/bin/env bash
# Puts a batch on a Slurm cluster: an array of N shards, and a merge that runs when all of them have ended well.
#
# usage: packaging/slurm/submit.sh N ROSTER OUT PACKAGE.zip|FOLDER ...
#   N        number of shards (array tasks); OUT and the inputs must be on a file system that all nodes see
#   $BLINDFOLD    the program on the nodes (default: blindfold)
#   $SBATCH_ARGS  more words for both sbatch calls, e.g. "--partition=night --mem=4G"
# Prints the job numbers of the array and the merge.
set -euo pipefail
[ $# -ge 4 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
n=$1 roster=$(realpath "$2") out=$(realpath -m "$3")
shift 3
inputs=()
for input in "$@"; do inputs+=("$(realpath "$input")"); done
mkdir -p "$out"
read -r -a more <<<"${SBATCH_ARGS-}"
export BLINDFOLD=${BLINDFOLD:-blindfold}
# N is said to the tasks: SLURM_ARRAY_TASK_COUNT is another number when part of an array is run again.
array=$(sbatch --parsable "${more[@]}" --array="0-$((n - 1))" --output="$out/slurm-%A_%a.log" "$here/shard.sbatch" "$n" "$roster" "$out" "${inputs[@]}")
merge=$(sbatch --parsable "${more[@]}" --dependency="afterok:$array" --kill-on-invalid-dep=yes --output="$out/slurm-%j.log" "$here/merge.sbatch" "$out")
echo "$array $merge"
