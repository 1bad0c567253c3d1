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
least() { sort -g | head -1; }
for model; do
  # One after the other and back, so that a busy moment does not weigh on one of the two alone.
  floors='' loads=''
  for _ in 1 2 3 4 5; do
    floors+="$("$work/floor" "$model" | cut -d' ' -f2)"$'\n'
    result=$("$EXPLAIN" bench load "$model" --rounds 5)
    loads+="$(sed -n 's/^load_ms=//p' <<<"$result")"$'\n'
  done
  memory=$(sed -n 's/^own_mb=//p' <<<"$result")
  awk -v name="$(basename "$model" .pmml)" -v bytes="$(stat -c %s "$model")" \
    -v load="$(grep . <<<"$loads" | least)" -v floor="$(grep . <<<"$floors" | least)" \
    -v memory="$memory" 'BEGIN {
      printf "%-28s %8.2f %10.2f %10.2f %6.1f %9.1f\n",
        name, bytes / 1e6, load, floor, load / (floor > 0 ? floor : 0.01), memory }'
done
