#!/usr/bin/env bash
# Decides on the sample's events and on every real customer, and compares with computations in
# Python that share nothing with the engine.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v python3 >/dev/null; then
  echo "SKIPPED: the independent computation needs python3" >&2
  exit 0
fi
echo "==> sealed traces and disclosures, from docs/privacy.md"
vectors=Tests/Independent/privacy
python3 -B Tests/Independent/privacy_vector.py "$vectors/vector.json" "$vectors/disclosures.jsonl"

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

echo "==> the sample's log, by a reader that shares nothing with ours"
"$explain" log verify --log "$scratch/sample-log" >"$scratch/verified"
grep -q '^complete    yes' "$scratch/verified"
"$explain" log export "$scratch/exported" --log "$scratch/sample-log"
python3 -B Tests/Independent/verify_log.py "$scratch/exported"
"$explain" log prove 17 --log "$scratch/sample-log" --output "$scratch/17.tlog-proof"
key="$(head -1 "$scratch/exported/log.vkey")"
python3 -B Tests/Independent/verify_log.py --proof "$scratch/17.tlog-proof" --key "$key"
"$explain" log verify --proof "$scratch/17.tlog-proof" --key "$key"
echo "==> proofs of it, by a public client"
EXPLAIN="$explain" Tests/Independent/public_client.sh "$scratch/sample-log" 0 17 1500
# One bit of one entry, and both find it.
python3 -B - "$scratch/exported/tile/entries/000" <<'PYTHON'
import sys

with open(sys.argv[1], "r+b") as file:
    file.seek(100)
    byte = file.read(1)[0]
    file.seek(100)
    file.write(bytes([byte ^ 1]))
PYTHON
if "$explain" log verify --log "$scratch/exported" >/dev/null 2>&1 \
  || python3 -B Tests/Independent/verify_log.py "$scratch/exported" 2>/dev/null; then
  echo "a changed entry was not found" >&2
  exit 1
fi

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

echo "==> customer 334628087 against the published customers"
"$explain" --customer 334628087 --log "$scratch/log" --background "$scratch/rows.csv" \
  --format json >"$scratch/explained.json"
python3 -B - "$scratch/explained.json" <<'PYTHON'
import json
import sys

# Worked out from the published aggregates by a computation of its own, apart from this project.
golden = {
    "base_value": 0.911450996176293, "amount": 0.0895217012141947,
    "size": -0.0010397799691420258, "coverage": 6.708257865432424e-05}
explanation = json.load(open(sys.argv[1]))["explanation"]
table = explanation["table_level"]
found = {part["name"]: part["attribution"] for part in table["attributions"]}
found["base_value"] = table["base_value"]
assert found.keys() == golden.keys(), found
for name, value in golden.items():
    assert abs(found[name] - value) <= 1e-15, (name, found[name], value)
reasons = {frozenset(reason) for reason in explanation["minimal_reasons"]}
assert reasons == {
    frozenset({"per_head", "enterprise.employees"}), frozenset({"per_head", "currencies"})}, reasons
assert "enterprise.employees" in explanation["search"]["without_effect_alone"], explanation["search"]
assert explanation["search"]["single_doubts"] == [], explanation["search"]
print("attributions, reasons and the head-count as published")
PYTHON
"$explain" verify-reason --customer 334628087 --log "$scratch/log" >/dev/null
