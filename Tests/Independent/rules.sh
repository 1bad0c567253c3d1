#!/usr/bin/env bash
# Checks every ruleset of the package and runs the tests inside them.
set -euo pipefail
cd "$(dirname "$0")/../.."

explain="${EXPLAIN:-.build/debug/explain}"
"$explain" check rules/*.rules
"$explain" check rules/variants/*.rules
"$explain" test rules/*.rules rules/variants/*.rules
