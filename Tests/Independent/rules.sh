#!/usr/bin/env bash
# Checks every ruleset of the package and its layout, and runs the tests inside them.
set -euo pipefail
cd "$(dirname "$0")/../.."

explain="${EXPLAIN:-.build/debug/explain}"
"$explain" format --check rules/*.rules rules/variants/*.rules
"$explain" check rules/*.rules
"$explain" check rules/variants/*.rules
"$explain" test rules/*.rules rules/variants/*.rules

if command -v python3 >/dev/null; then
  # Each commit tries other rulesets, and always the same.
  Tests/Independent/random_rules.py "$explain" 40 "${FUZZ_SEED:-1}"
else
  echo "SKIPPED: random rulesets against a plain reading need python3" >&2
fi
