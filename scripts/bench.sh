#!/usr/bin/env bash
# Takes the measurements of docs/benchmarks.md: what `make bench` does.
#
#   scripts/bench.sh [ARGUMENT…]      arguments of commonweal-bench (the folder bench/)
#
# It finds the optimised binary in COMMONWEAL_BIN and, to compare with, a PostgreSQL with its usual
# durability in DATABASE_URL_TEST.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

scripts/setup.sh bench
scripts/assets.sh
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
say "Building"
cargo build --release --locked -p commonweal -p commonweal-bench
release="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release"
export COMMONWEAL_BIN="$release/commonweal"
exec scripts/postgres.sh run "$release/commonweal-bench" "$@"
