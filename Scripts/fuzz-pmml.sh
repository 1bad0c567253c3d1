#!/usr/bin/env bash
# Mutated PMML documents through the reader, the compiler and the scorer:
#   Scripts/fuzz-pmml.sh [INPUTS] [SEED] [OPTIONS OF explain bench fuzz-pmml]
# EXPLAIN names a program that is built already; FUZZ_DOCUMENTS a folder of further documents.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${EXPLAIN:-}" ]; then
  swift build -c release --product explain
  EXPLAIN=.build/release/explain
fi
documents=(Tests/Fuzz/pmml/*.pmml)
if [ -n "${FUZZ_DOCUMENTS:-}" ]; then documents+=("$FUZZ_DOCUMENTS"/*.pmml); fi
status=0
"$EXPLAIN" bench fuzz-pmml --inputs "${1:-1000000}" --seed "${2:-1}" "${@:3}" \
  "${documents[@]}" || status=$?
if [ "$status" -gt 128 ]; then
  echo "ended by signal $((status - 128)); the input is in fuzz-input.pmml" >&2
fi
exit "$status"
