#!/usr/bin/env bash
# Installs what the build needs and this machine lacks; says what it does; does nothing otherwise.
set -euo pipefail

if ! command -v swift >/dev/null; then
  echo "setup: no Swift toolchain found; install Swift 6.2 or later from https://swift.org/install" >&2
  exit 1
fi

missing=()
command -v pkg-config >/dev/null || missing+=(pkg-config)
# Not by pkg-config alone: without pkg-config it could not be asked.
{ command -v pkg-config >/dev/null && pkg-config --exists libxml-2.0; } || missing+=(libxml2-dev)
{ command -v pkg-config >/dev/null && pkg-config --exists libpcre2-8; } || missing+=(libpcre2-dev)
{ command -v pkg-config >/dev/null && pkg-config --exists sqlite3; } || missing+=(libsqlite3-dev)
{ command -v pkg-config >/dev/null && pkg-config --exists rdkafka; } || missing+=(librdkafka-dev)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: missing: ${missing[*]} (Debian's names); install them with this system's packages" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: missing: ${missing[*]}; run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "==> installing ${missing[*]} with apt-get${as_root:+ (by sudo)}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
