#!/usr/bin/env bash
# packaging/systemd/blindfold-nightly over an incoming folder: what it takes and what it leaves, statuses, letters in both languages, what is
# removed when it is old; and sending, through a sendmail that keeps what it gets. Needs the models.
. "$(dirname "$0")/lib.sh"
: "${PAGEMAKER:?the page maker}" "${SOURCE:?the source tree}"
base=$SCRATCH/base
nightly() { # VARIABLE=VALUE...
    case_name="nightly $*"
    env BLINDFOLD="$BLINDFOLD" SETTLE_MINUTES=0 WAIT_MINUTES=0 "$@" "$SOURCE/packaging/systemd/blindfold-nightly" "$base" >.stdout 2>.stderr
    status=$?
}
make_batch() { # FOLDER
    "$PAGEMAKER" --seed 11 --packages 1 --pages 1 --captures clean --kinds summary --out made >/dev/null || fail "no pages"
    mkdir -p "$1" && cp made/roster.csv made/in/*.zip "$1"
}

nightly
expect_status 0
[ "$(ls "$base" | tr '\n' ' ')" = "OUT done incoming letters " ] || fail "the folders are not there"

make_batch "$base/incoming/2026-11"
cp -r "$base/incoming/2026-11" "$base/incoming/uploading"
touch "$base/incoming/uploading/more.zip.part"
mkdir "$base/incoming/empty"
nightly
expect_status 3 # the one without a roster
expect_said "batch empty: there must be one roster"
expect_said "batch uploading: its upload has not ended"
[ -d "$base/done/2026-11" ] && [ -f "$base/OUT/2026-11/summary.csv" ] || fail "the batch was not done"
[ -d "$base/incoming/uploading" ] && [ ! -e "$base/OUT/uploading" ] || fail "an upload that goes on was taken"
letter=$base/letters/2026-11.txt
grep -qE '^Subject: blindfold, batch 2026-11: (all packages released|some packages wait for a decision)$' "$letter" &&
    grep -qE '^Packages: [01] released, [01] held\.$' "$letter" && grep -q '^id,verdict,reasons' "$letter" || fail "the letter: $(cat "$letter")"
name=$(sed -n 2p made/roster.csv | cut -d , -f 2)
grep -qF "$name" "$letter" .stderr && fail "the name is told"

# The upload has ended. In Chinese; every header is ASCII.
rm "$base/incoming/uploading/more.zip.part" && rmdir "$base/incoming/empty"
nightly LC_ALL= LANG=zh_CN.UTF-8
[ "$status" -le 1 ] || fail "exit status $status"
letter=$base/letters/uploading.txt
grep -qE '^材料包：放行 [01] 个，待人工处理 [01] 个。$' "$letter" || fail "the letter should be Chinese: $(cat "$letter")"
sed '/^$/q' "$letter" | grep -q '[^ -~]' && fail "a header is not ASCII"
python3 -c 'import email, email.policy, sys
print(email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)["Subject"])' "$letter" >subject
grep -q '^blindfold 批次 uploading：' subject || fail "the subject: $(cat subject)"

# A batch that cannot go on stays where it is, and is a failure.
mkdir "$base/incoming/bad" && echo "nothing,useful" >"$base/incoming/bad/roster.csv"
nightly
expect_status 4
[ -f "$base/incoming/bad/roster.csv" ] && grep -q '^Subject: .*the run could not go on$' "$base/letters/bad.txt" || fail "the bad batch"
rm -r "$base/incoming/bad"

# Retention: whole batches, and only old ones.
find "$base/OUT/2026-11" "$base/done/2026-11" -exec touch -d '9 days ago' {} +
nightly RETAIN_DAYS=8
expect_status 0
[ ! -e "$base/OUT/2026-11" ] && [ ! -e "$base/done/2026-11" ] && [ -d "$base/OUT/uploading" ] && [ -d "$base/done/uploading" ] ||
    fail "not just the old batch was removed"

# Sending.
mkdir bin && printf '#!/bin/sh\ncat >>"%s/sent"; echo "--" >>"%s/sent"\n' "$SCRATCH" "$SCRATCH" >bin/sendmail && chmod +x bin/sendmail
PATH=$SCRATCH/bin:$PATH "$SOURCE/packaging/systemd/blindfold-send-letters" "$base" || fail "sending without MAIL_TO"
[ ! -e sent ] || fail "sent without MAIL_TO"
MAIL_TO=office@committee.example PATH=$SCRATCH/bin:$PATH "$SOURCE/packaging/systemd/blindfold-send-letters" "$base" || fail "sending"
[ "$(grep -c '^To: office@committee.example$' sent)" -eq 3 ] && [ "$(ls "$base"/letters/*.txt 2>/dev/null | wc -l)" -eq 0 ] &&
    [ "$(ls "$base"/letters/sent | wc -l)" -eq 3 ] || fail "not every letter was sent once"
