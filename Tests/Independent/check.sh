#!/usr/bin/env bash
# Decides on every real customer and compares with an independent computation in Python.
set -euo pipefail
cd "$(dirname "$0")/../.."

data="${RATIONALE_SHARED:-../shared}/data/sme-customer-profiling"
if [ ! -r "$data/invoices_v1.csv" ]; then
  echo "SKIPPED: the published SME data are not at $data (set RATIONALE_SHARED)" >&2
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo "SKIPPED: the independent computation needs python3" >&2
  exit 0
fi
explain="${EXPLAIN:-.build/debug/explain}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

python3 -B Tests/Independent/sme_profiles.py "$data" rows "$scratch/rows.csv"
"$explain" decide rules/invoice-profile.rules --rows "$scratch/rows.csv" \
  --output "$scratch/decisions.jsonl" --log "$scratch/log"
python3 -B Tests/Independent/sme_profiles.py "$data" compare "$scratch/decisions.jsonl"
"$explain" --customer 334628087 --log "$scratch/log" >"$scratch/page"
grep -q '310,644\.54' "$scratch/page" || {
  echo "the page on customer 334628087 lacks 310,644.54" >&2
  exit 1
}
