#!/usr/bin/env bash
# Writes what the program is made of as CycloneDX 1.5 into target/sbom/: commonweal.cdx.json (Rust) and
# frontend.cdx.json (npm, what the build of stylesheet and script uses).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
scripts/assets.sh --with-packages
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"

CYCLONEDX=0.5.7
out="$ROOT/target/sbom"
mkdir -p "$out"
if ! cargo cyclonedx --version >/dev/null 2>&1; then
  say "Putting cargo-cyclonedx into .cache (takes some minutes, once)"
  cargo install --quiet --locked --root "$CACHE" --version "$CYCLONEDX" cargo-cyclonedx
fi
cargo cyclonedx --quiet --format json --spec-version 1.5 --describe binaries --manifest-path crates/cli/Cargo.toml
mv crates/cli/commonweal_bin.cdx.json "$out/commonweal.cdx.json"
(cd frontend && npm sbom --sbom-format cyclonedx) >"$out/frontend.cdx.json"
say "Written to target/sbom/: $(grep -c '"purl"' "$out/commonweal.cdx.json") Rust packages, $(grep -c '"purl"' "$out/frontend.cdx.json") of npm"
