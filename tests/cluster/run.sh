#!/usr/bin/env bash
# Tries packaging/slurm on a real Slurm: three nodes on this host (Debian's slurm-wlm and munge, no systemd), a batch as an array of shards,
# one node taken away in the middle, its shard queued again, the merge run by its dependency, and the result compared byte by byte with a
# run on one machine. Needs root, slurm-wlm, munge, and the release build. Everything is in a scratch folder that is removed at the end.
# KEEP=1 leaves it there.
#
# usage: tests/cluster/run.sh [PACKAGES [PAGES]]      default 9 packages of 2 pages, and one that cannot be opened
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=${1:-9} pages=${2:-2} shards=3
export BLINDFOLD=$PWD/build/release/blindfold
maker=$PWD/build/release/samples/make-pages
R=$(mktemp -d) host=$(hostname -s)
chmod 755 "$R"
pids=()

stop_all() {
    for pid in "${pids[@]}"; do
        disown "$pid" 2>/dev/null || true # a job that is killed would be told
        kill -9 "$pid" 2>/dev/null || true
    done
    if [ -n "${KEEP-}" ]; then echo "kept: $R"; else rm -rf "$R"; fi
}
trap stop_all EXIT

fail() {
    echo "cluster: FAILED: $*" >&2
    tail -n 20 "$R"/log/*.log "$R"/out/slurm-*.log >&2 2>/dev/null || true
    squeue -a >&2 || true
    exit 1
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$until" ] || fail "$what"
        sleep 0.3
    done
}

write_config() {
    mkdir -p "$R"/{munge,state,log,spool/n1,spool/n2,spool/n3,out}
    cat >"$R/slurm.conf" <<END
ClusterName=bf
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
AuthInfo=socket=$R/munge/sock
StateSaveLocation=$R/state
SlurmctldPidFile=$R/slurmctld.pid
SlurmdSpoolDir=$R/spool/%n
SlurmdPidFile=$R/%n.pid
ProctrackType=proctrack/linuxproc
JobCompType=jobcomp/filetxt
JobCompLoc=$R/log/jobcomp.txt
SchedulerParameters=sched_interval=2,bf_interval=2
ReturnToService=2
RequeueExit=75
SlurmdTimeout=5
KillWait=5
NodeName=n[1-3] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17003] CPUs=1
PartitionName=main Nodes=n[1-3] Default=YES MaxTime=60
END
    export SLURM_CONF=$R/slurm.conf
}

start_munge() {
    dd if=/dev/urandom of="$R/munge/key" bs=128 count=1 status=none
    chmod 600 "$R/munge/key"
    chmod 755 "$R/munge"
    munged --foreground --force --key-file="$R/munge/key" --socket="$R/munge/sock" --pid-file="$R/munge/pid" --seed-file="$R/munge/seed" \
        --log-file="$R/munge/log" 2>/dev/null &
    pids+=($!)
    wait_for 10 "munge does not start" test -S "$R/munge/sock"
}

declare -A node_pid
start_node() {
    unshare --pid --fork --mount-proc --kill-child slurmd -D -N "$1" >"$R/log/$1.log" 2>&1 &
    node_pid[$1]=$!
    pids+=($!)
}

ready_nodes() { [ "$(sinfo -h -N -o %t | grep -c idle)" -eq 3 ]; }
job_is_gone() { [ -z "$(squeue -h -j "$1" 2>/dev/null)" ]; }
shard_runs_on() { squeue -h -t R -w "$1" -o %K | grep -q .; }

"$maker" --seed 771 --packages "$packages" --pages "$pages" --out "$R/made" >/dev/null
# One that cannot be opened: it must not keep the others from being merged.
printf 'this is no zip' >"$R/made/in/broken.zip"
echo "Z-1,郝试纸,,broken.zip" >>"$R/made/roster.csv"
"$BLINDFOLD" redact -r "$R/made/roster.csv" -o "$R/one" --progress never "$R/made/in" || [ $? -eq 3 ]
echo "cluster: $packages packages of $pages pages on one machine after $SECONDS s"

write_config
start_munge
slurmctld -D >"$R/log/slurmctld.log" 2>&1 &
pids+=($!)
for node in n1 n2 n3; do start_node $node; done
wait_for 30 "the nodes do not come up" ready_nodes

read -r array merge < <(packaging/slurm/submit.sh $shards "$R/made/roster.csv" "$R/out" "$R/made/in")
wait_for 30 "no shard starts on n2" shard_runs_on n2
lost=$(squeue -h -t R -w n2 -o %K)
wait_for 60 "shard $lost does not begin" test -f "$R/out/shards/$lost-of-$shards/audit.jsonl"
disown "${node_pid[n2]}"
kill -9 "${node_pid[n2]}"
echo "cluster: node n2 is gone with shard $lost, after $SECONDS s"
scontrol update nodename=n2 state=down reason=gone
requeued() { squeue -h -j "${array}_$lost" -t PD,R -o %N | grep -qv n2; }
wait_for 60 "the lost shard is not queued again" requeued
scontrol update jobid="${array}_$lost" StartTime=now 2>/dev/null || true
wait_for 200 "the array does not end" job_is_gone "$array"
wait_for 60 "the merge does not end" job_is_gone "$merge"

# 3: the one that cannot be opened. All shards ended well, or the merge would not have been started.
grep -qE "JobId=$merge .*ExitCode=3:0" "$R/log/jobcomp.txt" || fail "the merge did not end as it should: $(grep "JobId=$merge " "$R/log/jobcomp.txt")"
"$BLINDFOLD" audit verify "$R/out" || fail "the merged record does not hold"
diff -r "$R/one/packages" "$R/out/packages" || fail "released packages differ"
diff -r "$R/one/held" "$R/out/held" || fail "held packages differ"
cmp "$R/one/summary.csv" "$R/out/summary.csv" || fail "the summaries differ"
[ "$(find "$R/out/packages" "$R/out/held" -name '*.zip' | wc -l)" -eq "$packages" ] || fail "not every package is there"
echo "cluster: $packages packages from $shards shards, shard $lost finished after its node was lost, byte-identical; $SECONDS s"
