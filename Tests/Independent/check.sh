#!/usr/bin/env bash
# Decides on the sample's events and on every real customer, and compares with computations in
# Python that share nothing with the engine.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v python3 >/dev/null; then
  echo "SKIPPED: the independent computation needs python3" >&2
  exit 0
fi
explain="${EXPLAIN:-.build/debug/explain}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

echo "==> the sample, from its events"
"$explain" sample "$scratch/sample" --customers 1000
"$explain" decide rules/invoice-profile.rules --input "static=$scratch/sample/static.csv" \
  --input "invoices=$scratch/sample/invoices.csv" \
  --output "$scratch/sample.jsonl" --log "$scratch/sample-log"
python3 -B Tests/Independent/sample_profiles.py "$scratch/sample" rules/reference/huf-rates.csv \
  "$scratch/sample.jsonl"

echo "==> the published data, from their aggregates"
data="${RATIONALE_SHARED:-../shared}/data/sme-customer-profiling"
if [ ! -r "$data/invoices_v1.csv" ]; then
  echo "SKIPPED: the published SME data are not at $data (set RATIONALE_SHARED)" >&2
  exit 0
fi
python3 -B Tests/Independent/sme_profiles.py "$data" rows "$scratch/rows.csv"
"$explain" decide rules/invoice-profile.rules --rows "$scratch/rows.csv" \
  --output "$scratch/decisions.jsonl" --log "$scratch/log"
python3 -B Tests/Independent/sme_profiles.py "$data" compare "$scratch/decisions.jsonl"
"$explain" --customer 334628087 --log "$scratch/log" >"$scratch/page"
grep -q '310,644\.54' "$scratch/page" || {
  echo "the page on customer 334628087 lacks 310,644.54" >&2
  exit 1
}
