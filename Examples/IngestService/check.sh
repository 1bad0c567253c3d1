#!/usr/bin/env bash
# Builds the service, runs it on sample events, and explains a customer from the log that it wrote.
set -euo pipefail
cd "$(dirname "$0")/../.."
explain="${EXPLAIN:-.build/debug/explain}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

swift build --package-path Examples/IngestService
"$explain" sample "$scratch" --customers 100 --format jsonl
Examples/IngestService/.build/debug/IngestService "$scratch/log" "$scratch/static.jsonl" invoices \
  rules/invoice-profile.rules <"$scratch/invoices.jsonl" >"$scratch/decisions"
tail -n 3 "$scratch/decisions"
grep -q '^334628087 invoice_profile: Developed Customers (by otherwise)$' "$scratch/decisions"
"$explain" --customer 334628087 --log "$scratch/log" >"$scratch/page"
grep -q '310,644\.54' "$scratch/page"
echo "the service decided, and its log explains"
