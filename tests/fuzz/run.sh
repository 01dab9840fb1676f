#!/usr/bin/env bash
# Fuzzes each target for so many seconds of its own CPU time in total, over as many calls as it takes: in rounds, in turn, with what
# nothing else on the machine wants. build/fuzz/corpus keeps the corpora, build/fuzz/rounds.tsv what was done: target, CPU seconds,
# executions. Exit status 1: something was found; libFuzzer's file and message are in build/fuzz/found.
#
# usage: tests/fuzz/run.sh SECONDS TARGET ...    for instance: tests/fuzz/run.sh 3600 zip jpeg exif roster audit manifest
#        tests/fuzz/run.sh --sum                 what each target has run so far
set -euo pipefail
cd "$(dirname "$0")/../.."
round_s=300
rounds=build/fuzz/rounds.tsv

# CPU seconds of a target so far.
done_s() { awk -v t="$1" '$1 == t { s += $2 } END { printf "%d", s }' "$rounds"; }

if [ "${1-}" = --sum ]; then
    awk '{ s[$1] += $2; n[$1] += $3 } END { for (t in s) printf "%-10s %6d s %12d executions\n", t, s[t], n[t] }' "$rounds" | sort
    exit
fi
[ $# -ge 2 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2; }
wanted_s=$1
shift
cmake --preset fuzz -Wno-dev >/dev/null
cmake --build --preset fuzz --target "${@/#/fuzz_}" >/dev/null
mkdir -p build/fuzz/found
echo 19 2>/dev/null >/proc/self/autogroup || true # a session by itself would share the machine evenly whatever its class
touch "$rounds"

one_round() { # TARGET
    local name=$1 log=build/fuzz/found/$1.log corpus=build/fuzz/corpus/$1 cpu executions status=0
    mkdir -p "$corpus"
    TIMEFORMAT='%U %S'
    cpu=$({ time chrt --idle 0 "build/fuzz/tests/fuzz_$name" -max_total_time=$round_s -print_final_stats=1 -rss_limit_mb=4096 \
        -artifact_prefix="build/fuzz/found/$name-" "$corpus" "tests/data/fuzz/$name" >"$log" 2>&1; } 2>&1) || status=$?
    executions=$(awk '/stat::number_of_executed_units/ { n = $2 } END { print n + 0 }' "$log")
    awk -v t="$name" -v n="$executions" '{ printf "%s\t%.1f\t%d\n", t, $1 + $2, n }' <<<"$cpu" >>"$rounds"
    [ "$status" -eq 0 ] || { echo "fuzz: $name: see $log" >&2; exit 1; }
}

more=1
while [ "$more" -eq 1 ]; do
    more=0
    for target; do
        if [ "$(done_s "$target")" -lt "$wanted_s" ]; then
            more=1
            one_round "$target"
        fi
    done
done
"$0" --sum
