#!/usr/bin/env bash
# Load time and memory of PMML models, beside what libxml2 alone takes to read the files:
#   Scripts/load.sh MODEL.pmml...
# EXPLAIN names a program that is built already.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -eq 0 ]; then
  echo "usage: Scripts/load.sh MODEL.pmml..." >&2
  exit 2
fi
if [ -z "${EXPLAIN:-}" ]; then
  (cd "$here" && swift build -c release --product explain)
  EXPLAIN=$here/.build/release/explain
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
cc -O2 "$here/Scripts/sax-floor.c" $(xml2-config --cflags --libs) -o "$work/floor"
printf '%-28s %8s %10s %10s %6s %9s\n' model MB load_ms floor_ms times memory_MB
for model; do
  floor=$("$work/floor" "$model" | cut -d' ' -f2)
  result=$("$EXPLAIN" bench load "$model" --rounds 7)
  load=$(sed -n 's/^load_ms=//p' <<<"$result")
  memory=$(sed -n 's/^own_mb=//p' <<<"$result")
  awk -v name="$(basename "$model" .pmml)" -v bytes="$(stat -c %s "$model")" -v load="$load" \
    -v floor="$floor" -v memory="$memory" 'BEGIN {
      printf "%-28s %8.2f %10.2f %10.2f %6.1f %9.1f\n",
        name, bytes / 1e6, load, floor, load / (floor > 0 ? floor : 0.01), memory }'
done
