#!/usr/bin/env bash
# Writes what the program is made of into target/sbom/, as CycloneDX 1.6, and holds it to the schema:
# commonweal.cdx.json (Rust) and frontend.cdx.json (npm).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

# Knows the schema. From PyPI.
CYCLONEDX="11.12.0"

out="$ROOT/target/sbom"
target="${1:-$(rustc -vV | sed -n 's/^host: //p')}"
mkdir -p "$out"
# The time of the commit, so that whoever makes it again gets the same.
if [ -z "${SOURCE_DATE_EPOCH:-}" ] && git rev-parse --quiet --verify HEAD >/dev/null 2>&1; then
  SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
fi
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-}"
venv="$(python_tools "cyclonedx-$CYCLONEDX" "cyclonedx-python-lib[json-validation]==$CYCLONEDX")"
cargo metadata --format-version 1 --locked --filter-platform "$target" >"$out/metadata.json"
python3 scripts/sbom.py cargo "$target" <"$out/metadata.json" >"$out/commonweal.cdx.json"
rm "$out/metadata.json"
python3 scripts/sbom.py npm >"$out/frontend.cdx.json"
"$venv/bin/python" scripts/sbom.py check target/sbom/commonweal.cdx.json target/sbom/frontend.cdx.json
