#!/usr/bin/env bash
# How many allocations a decision costs: a short run and a long one of `explain bench rules`, counted.
#
#   Scripts/allocations.sh [EXPLAIN]
#
# A decision that allocates would allocate millions of times more in the long run. Appending to a log
# allocates for each hash of its tree, two of them an entry, where the library that hashes does, and for
# the files of the tree, two for each 256 entries.
set -euo pipefail
cd "$(dirname "$0")/.."
explain=${1:-.build/release/explain}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clang -shared -fPIC -O2 -o "$scratch/count.so" Scripts/count-allocations.c
status=0
for mode in off full log; do
  declare -A calls=() decisions=()
  case $mode in
    log) options=(--log "$scratch/log") ;;
    *) options=(--trace "$mode") ;;
  esac
  for seconds in 0.2 2; do
    rm -rf "$scratch/log"
    LD_PRELOAD="$scratch/count.so" "$explain" bench rules "${options[@]}" --warm 0 \
      --seconds "$seconds" >"$scratch/out" 2>"$scratch/err"
    calls[$seconds]=$(awk '/^allocations/ { print $2 }' "$scratch/err")
    decisions[$seconds]=$(sed -E 's/.*"decisions_per_s": ([0-9]+).*/\1/' "$scratch/out" |
      awk -v s="$seconds" '{ printf "%d", $1 * s }')
  done
  more=$((decisions[2] - decisions[0.2]))
  extra=$((calls[2] - calls[0.2]))
  echo "$mode: $extra more allocations for $more more decisions"
  # Printing a figure of another length may cost a few, and each bundle of a log some tens.
  case $mode in
    log) [ "$extra" -lt $((more * 5 / 2)) ] || status=1 ;;
    *) [ "$extra" -lt $((more / 100000 + 10)) ] || status=1 ;;
  esac
done
exit "$status"
