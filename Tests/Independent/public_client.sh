#!/usr/bin/env bash
# Checks proofs of `explain log prove` with a client that others wrote and published: proofbundle of
# PyPI, which reads C2SP tlog-proof files.
#
#   Tests/Independent/public_client.sh LOG ENTRY...
#
# Skips, and says so, where the client cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
explain="${EXPLAIN:-.build/debug/explain}"
log="$1"
shift

# As it was when this was written; another version may ask for other words.
client=proofbundle==6.3.1

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
if ! { python3 -m venv "$scratch/venv" &&
  "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --timeout 10 --retries 1 \
    "$client"; } >"$scratch/install" 2>&1; then
  tail -3 "$scratch/install" >&2
  echo "SKIPPED: proofs were not checked by a public client: $client cannot be installed" >&2
  exit 0
fi

key="$(head -1 "$log/log.vkey")"
# A key is its name, its hash and its bytes, with + between.
origin="${key%%+*}"

# Whether the client takes a proof of an entry.
holds() { # PROOF ENTRY
  "$scratch/venv/bin/proofbundle" verify-proof "$1" --payload-file "$2" --log-vkey "$key" \
    --expected-origin "$origin" >"$scratch/verdict" 2>&1
}

for entry in "$@"; do
  proof="$scratch/$entry.tlog-proof"
  "$explain" log prove "$entry" --log "$log" --output "$proof"
  # The entry itself, from the line that carries it, and the same with one bit flipped.
  python3 -B - "$proof" "$scratch/entry" "$scratch/changed" <<'PYTHON'
import base64
import sys

line = next(line for line in open(sys.argv[1], encoding="utf-8") if line.startswith("extra "))
entry = bytearray(base64.b64decode(line.removeprefix("extra ").strip(), validate=True))
open(sys.argv[2], "wb").write(entry)
entry[len(entry) // 2] ^= 1
open(sys.argv[3], "wb").write(entry)
PYTHON
  holds "$proof" "$scratch/entry" || {
    cat "$scratch/verdict" >&2
    echo "$client does not take the proof of entry $entry" >&2
    exit 1
  }
  if holds "$proof" "$scratch/changed"; then
    echo "$client takes the proof for another entry than $entry" >&2
    exit 1
  fi
  # The size that is signed says something else: the signature no longer fits.
  sed -E '0,/^[0-9]+$/s/^[0-9]+$/999999/' "$proof" >"$scratch/forged.tlog-proof"
  if cmp -s "$proof" "$scratch/forged.tlog-proof" || holds "$scratch/forged.tlog-proof" "$scratch/entry"; then
    echo "$client takes a forged checkpoint with the proof of entry $entry" >&2
    exit 1
  fi
done
echo "$# proofs checked by $client"
