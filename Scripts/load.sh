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
printf '%-20s %8s %9s %9s %6s %8s %9s %9s\n' \
  model MB load_ms floor_ms times peak_MB arrays_MB of_bound
least() { sort -g | head -1; }
for model; do
  bytes=$(stat -c %s "$model")
  rounds=5
  [ "$bytes" -lt 100000 ] && rounds=200
  # One after the other and back, so that a busy moment does not weigh on one of the two alone.
  floors='' loads=''
  for _ in 1 2 3 4 5; do
    floors+="$("$work/floor" "$model" | cut -d' ' -f2)"$'\n'
    result=$("$EXPLAIN" bench load "$model" --rounds $rounds)
    loads+="$(sed -n 's/^load_ms=//p' <<<"$result")"$'\n'
  done
  # What a load takes at its peak, of the size of the file and three times the model's arrays.
  awk -v name="$(basename "$model" .pmml)" -v bytes="$bytes" \
    -v load="$(grep . <<<"$loads" | least)" -v floor="$(grep . <<<"$floors" | least)" \
    -v peak="$(sed -n 's/^peak_mb=//p' <<<"$result")" \
    -v arrays="$(sed -n 's/^arrays_mb=//p' <<<"$result")" 'BEGIN {
      printf "%-20s %8.2f %9.2f %9.3f %6.2f %8.2f %9.3f %9.2f\n",
        name, bytes / 1e6, load, floor, load / (floor > 0 ? floor : 0.001), peak, arrays,
        peak / (bytes / 1e6 + 3 * arrays) }'
done
