#!/usr/bin/env bash
# Checks every ruleset of the package and its layout, and runs the tests inside them.
set -euo pipefail
cd "$(dirname "$0")/../.."

explain="${EXPLAIN:-.build/debug/explain}"
"$explain" format --check rules/*.rules rules/variants/*.rules
"$explain" check rules/*.rules
"$explain" check rules/variants/*.rules
"$explain" test rules/*.rules rules/variants/*.rules
