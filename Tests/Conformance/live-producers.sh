#!/bin/sh
# Round trips from live producers, in an environment of their own:
#   Tests/Conformance/live-producers.sh [EXPLAIN] [OPTIONS OF live-producers.py]
# It is made the first time, in .build/live-producers, by pip. Skipped, and said so, where Python, Java or
# the packages cannot be had.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$root/.build/live-producers
if ! command -v java >/dev/null || ! command -v python3 >/dev/null; then
  echo "SKIPPED: needs python3 and java" >&2
  exit 0
fi
if [ ! -f "$place/installed" ]; then
  # sklearn2pmml knows versions of scikit-learn up to the one before its own date.
  if ! { python3 -m venv "$place" && "$place/bin/pip" install --quiet \
    "sklearn2pmml==0.133.1" "scikit-learn<1.9" pandas xgboost lightgbm; } >&2; then
    echo "SKIPPED: the packages cannot be installed" >&2
    exit 0
  fi
  touch "$place/installed"
fi
explain=${1:-$root/.build/release/explain}
[ $# -gt 0 ] && shift
PATH=$place/bin:$PATH exec "$place/bin/python" "$root/Tests/Conformance/live-producers.py" "$explain" "$@"
