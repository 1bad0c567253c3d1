#!/usr/bin/env bash
# Generated and mutated rulesets through the checker, the formatter and the engine:
#   Scripts/fuzz.sh [INPUTS] [SEED] [OPTIONS OF explain bench fuzz]
# EXPLAIN names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${EXPLAIN:-}" ]; then
  swift build -c release --product explain
  EXPLAIN=.build/release/explain
fi
status=0
"$EXPLAIN" bench fuzz --inputs "${1:-1000000}" --seed "${2:-1}" "${@:3}" \
  rules/*.rules rules/variants/*.rules || status=$?
if [ "$status" -gt 128 ]; then
  echo "ended by signal $((status - 128)); the input is in fuzz-input.rules" >&2
fi
exit "$status"
