#!/usr/bin/env bash
# Customer profiling on streams: a test broker, a producer of transfers, invoices and logins, the service,
# and a consumer of the profiles; then the page of customer 334628087.
#
#   Examples/CustomerProfiling/run.sh [--customers N] [--rate EVENTS_A_SECOND] [--variant report|code] [--check]
#
# --rate 500 is the pace of the published producer; without it events go as fast as they can. --variant code
# has the thresholds as the published code reads them, not as its report does. --check says nothing but
# whether all is as it should be.
set -euo pipefail
cd "$(dirname "$0")/../.."

customers=500 rate=0 variant=report check=no
while [ $# -gt 0 ]; do
  case "$1" in
    --customers) customers="$2"; shift 2 ;;
    --rate) rate="$2"; shift 2 ;;
    --variant) variant="$2"; shift 2 ;;
    --check) check=yes; shift ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0"; [ "$1" = --help ] && exit 0 || exit 64 ;;
  esac
done
case "$variant" in
  report) rules=(rules/invoice-profile.rules rules/transfer-activity.rules)
    transfers_decision=transfer_activity ;;
  code) rules=(rules/variants/invoice-profile-code.rules rules/variants/transfer-activity-code.rules)
    transfers_decision=transfer_group ;;
  *) echo "--variant $variant: expected report or code" >&2; exit 64 ;;
esac
rules+=(Examples/CustomerProfiling/login-recency.rules)

command -v kcat >/dev/null || {
  echo "this example writes and reads topics with kcat; install it:   apt-get install kcat" >&2
  exit 1
}
bin="${BUILD:-.build/debug}"
[ -x "$bin/explain" ] || swift build --product explain
[ -x "$bin/MockKafkaBroker" ] || swift build --product MockKafkaBroker

work="$(mktemp -d)"
mkfifo "$work/commands"
"$bin/MockKafkaBroker" 1 transfers:4 invoices:4 last_login:4 transfer-profile:4 invoice_profile:4 \
  login-recency:4 dead-letters:4 <"$work/commands" >"$work/broker" &
exec 9>"$work/commands"
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; exec 9>&-; wait 2>/dev/null; rm -rf "$work"' EXIT
until grep -q BOOTSTRAP "$work/broker" 2>/dev/null; do sleep 0.1; done
broker="$(sed -n 's/^BOOTSTRAP //p' "$work/broker")"

say() { [ "$check" = yes ] || echo "$@"; }

say "==> the service"
"$bin/explain" sample "$work" --customers "$customers" --format jsonl >/dev/null 2>&1
members='party_id=subject,profile=outcome,decision_id'
"$bin/explain" ingest --kafka "$broker" --rules "${rules[@]}" --input "static=$work/static.jsonl" \
  --log "$work/log" --publish "$transfers_decision=transfer-profile $members" \
  --publish "invoice_profile=invoice_profile $members" --publish "login_recency=login-recency $members" \
  --dead-letter-topic dead-letters --log-level warning &
service=$!

# A line of JSON after the value of its key field, at so many lines a second.
keyed() {
  sed -E "s/^.*\"$1\":\"([^\"]*)\".*$/\1\t&/" "$2" |
    awk -v rate="$rate" '{ print } rate && NR % rate == 0 { fflush(); system("sleep 1") }'
}
produce() { keyed "$2" "$work/$3" | kcat -P -b "$broker" -t "$1" -K "$(printf '\t')"; }

say "==> transfers, invoices and logins"
produce last_login PARTY_ID last-login.jsonl
produce transfers PARTY_ID transfers.jsonl &
producer=$!
produce invoices party_id invoices.jsonl
wait "$producer"

events=$(cat "$work"/{transfers,invoices,last-login}.jsonl | wc -l)
messages() { for topic in transfer-profile invoice_profile login-recency; do profiles $topic; done | wc -l; }
profiles() { kcat -C -b "$broker" -t "$1" -e -q -o beginning; }
# Done once something came and, for three seconds, nothing more did.
before=0 still=0
for _ in $(seq 120); do
  now=$(messages)
  if [ "$now" -gt 0 ] && [ "$now" = "$before" ]; then still=$((still + 1)); else still=0; fi
  [ "$still" -ge 3 ] && break
  before=$now
  kill -0 "$service" 2>/dev/null || { echo "the service has ended" >&2; exit 1; }
  sleep 1
done
kill -TERM "$service"
wait "$service"
service=

latest() { # of each customer, by profile
  # A refusal has no profile.
  profiles "$1" | sed -E -e 's/^\{"party_id":"([^"]*)","profile":"([^"]*)".*$/\1\t\2/' \
    -e 's/^\{"party_id":"([^"]*)","decision_id".*$/\1\t(refused)/' |
    awk -F '\t' '{ last[$1] = $2 } END { for (id in last) count[last[id]]++; for (p in count) print count[p] "\t" p }' |
    sort -t "$(printf '\t')" -k 2
}
if [ "$check" = yes ]; then
  decided=$(for topic in transfer-profile invoice_profile login-recency; do profiles $topic; done | wc -l)
  dead=$(profiles dead-letters | wc -l)
  [ $((decided + dead)) -gt 0 ] && profiles invoice_profile |
    grep '"party_id":"334628087","profile":"Developed Customers"' >/dev/null
  for log in "$work"/log/partition-*; do "$bin/explain" log verify --log "$log" >/dev/null; done
  echo "customer profiling: $events events, $decided decisions, the logs are whole"
  exit
fi
for topic in transfer-profile invoice_profile login-recency; do
  echo "==> $topic: customers by their latest profile"
  latest "$topic"
done
echo "==> one message"
profiles invoice_profile | grep 334628087 | tail -n 1
echo "==> why"
"$bin/explain" --customer 334628087 --decision invoice_profile --log "$work/log"
