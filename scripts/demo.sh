#!/usr/bin/env bash
# Builds Commonweal and serves it with the sample data: what `make demo` does.
#
#   scripts/demo.sh [OPTION…]      options of `commonweal demo`, for example --listen 0.0.0.0:9000
#
# The data are kept in data/ (or DATA=DIR) and stay there for the next time; `make clean-data`
# removes them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

scripts/setup.sh demo
scripts/assets.sh
# setup.sh may have put Node.js beside the checkout just now.
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
say "Building (the first time takes some minutes)"
# As the tests build it: what works hard is optimised there (Cargo.toml), whoever runs the tests has it already, and from
# nothing it takes two thirds of the time of a release.
cargo build --locked --workspace --bin commonweal
target="${CARGO_TARGET_DIR:-target}"
exec "$target/debug/commonweal" demo --data "${DATA:-data}" "$@"
