#!/usr/bin/env bash
# Runs mutated rulesets through the checker and the formatter:   Scripts/fuzz.sh [INPUTS] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --product explain
/usr/bin/env time -f '%e s, %M KiB at most' .build/release/explain bench fuzz \
  --inputs "${1:-1000000}" --seed "${2:-1}" rules/*.rules rules/variants/*.rules
