#!/usr/bin/env bash
# Builds the reference pages of the public modules: Scripts/docs.sh DIRECTORY
#
# The toolchain's own docc is called on the symbol graphs, so no plugin enters the package.
set -euo pipefail
cd "$(dirname "$0")/.."
out="${1:-.build/docs}"

docc="$(command -v docc || true)"
[ -n "$docc" ] || docc="$(dirname "$(readlink -f "$(command -v swift)")")/docc"
[ -x "$docc" ] || { echo "docs: this toolchain has no docc" >&2; exit 1; }

echo "==> symbol graphs"
swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >/dev/null
graphs="$(find .build -type d -name symbolgraph -not -path '*/checkouts/*' | head -1)"
rm -rf "$out"
mkdir -p "$out/archives"
archives=()
for sources in Sources/*/; do
  module="$(basename "$sources")"
  [ -f "$graphs/$module.symbols.json" ] || continue
  # A module without a public symbol has nothing to say here.
  grep -q '"kind":' "$graphs/$module.symbols.json" || continue
  scratch="$out/graphs/$module"
  mkdir -p "$scratch"
  cp "$graphs/$module.symbols.json" "$graphs/$module@"*.symbols.json "$scratch" 2>/dev/null || true
  catalog=()
  [ -d "$sources$module.docc" ] && catalog=("$sources$module.docc")
  echo "==> $module"
  "$docc" convert "${catalog[@]}" --additional-symbol-graph-dir "$scratch" \
    --fallback-display-name "$module" --fallback-bundle-identifier "rationale.$module" \
    --warnings-as-errors --output-path "$out/archives/$module.doccarchive"
  archives+=("$out/archives/$module.doccarchive")
done
rm -rf "$out/graphs"
"$docc" merge "${archives[@]}" --output-path "$out/Rationale.doccarchive" \
  --synthesized-landing-page-name Rationale
echo "wrote $out/Rationale.doccarchive; serve it with: docc preview, or any static web server"
