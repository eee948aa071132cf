#!/usr/bin/env bash
# Measures the budgets of ARCHITECTURE.md and writes docs/benchmarks.md.
#
#   scripts/bench.sh                    10,000,000 feedback; about an hour and 40 GB of disk
#   scripts/bench.sh --quick            300,000 feedback, in some minutes; to try it out
#   scripts/bench.sh --rows N           another number
#   scripts/bench.sh --only STEP,…      some steps again: data, import, intake, export, large, start,
#                                       questions, fill, sql, rebuild, pages, lanes, abuse,
#                                       protected, people, population, finding, audiences, sending
#   scripts/bench.sh --render           only the page, from the results that are there
#
# Everything is kept in target/bench/, so that single steps can be measured again; `fill` and `sql`
# go together, because the database server ends with the script unless DATABASE_URL_BENCH names one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

release="${CARGO_TARGET_DIR:-$ROOT/target}/release"
work="$ROOT/target/bench"
rows=10000000
import_rows=1000000
page="$ROOT/docs/benchmarks.md"
options=()
render=no
# Kills of a server on each engine (crates/cli/tests/it/crash); the tests do some, this does many.
crashes=200
while [ $# -gt 0 ]; do
  case "$1" in
    --quick)
      rows=300000
      import_rows=300000
      work="$ROOT/target/bench-quick"
      page="$work/benchmarks.md"
      crashes=0
      options+=(--people 30000 --runs 1 --seconds 3 --questions 40 --sql-questions 10)
      ;;
    --rows)
      [ $# -gt 1 ] || die "Say how many: --rows N"
      rows=$2
      if [ "$rows" -lt "$import_rows" ]; then import_rows=$rows; fi
      shift
      ;;
    --only)
      [ $# -gt 1 ] || die "Say which steps: --only STEP,…"
      options+=(--only "$2")
      crashes=0
      shift
      ;;
    --render) render=yes ;;
    *) die "Use: scripts/bench.sh [--quick] [--rows N] [--only STEP,…] [--render]" ;;
  esac
  shift
done

if [ "$render" = no ]; then
  "$ROOT/scripts/setup.sh" bench
  "$ROOT/scripts/assets.sh"
  # setup.sh may have put Node.js beside the checkout just now.
  # shellcheck source=scripts/lib.sh
  . "$ROOT/scripts/lib.sh"
  say "Building"
  cargo build --release --locked -p commonweal -p commonweal-bench
  say "Measuring; the machine should have nothing else to do"
  # Memory as a server of this size would have it in service; everything else as it comes.
  BENCH_POSTGRES_SETTINGS="shared_buffers = 2 GB, work_mem = 256 MB"
  PG_SETTINGS="$(printf '%s\n' "shared_buffers = 2GB" "work_mem = 256MB")"
  export BENCH_POSTGRES_SETTINGS PG_SETTINGS
  measure=("$release/commonweal-bench" run --binary "$release/commonweal"
    --work "$work" --rows "$rows" --import-rows "$import_rows")
  for file in "$ROOT"/sample-data/*.csv; do
    measure+=(--comments "$file")
  done
  measure+=(${options[@]+"${options[@]}"})
  if [ -n "${DATABASE_URL_BENCH:-}" ]; then
    "${measure[@]}" --postgres "$DATABASE_URL_BENCH"
  else
    # shellcheck disable=SC2016 # The inner shell knows the address, this one does not.
    "$ROOT/scripts/postgres.sh" run bash -c 'exec "$@" --postgres "$DATABASE_URL_TEST"' bench "${measure[@]}"
  fi
fi
"$release/commonweal-bench" render --results "$work/results.json" --page "$page" --notes "$ROOT/bench/notes.md"
say "Written to ${page#"$ROOT"/}"
if [ "$render" = no ] && [ "$crashes" -gt 0 ]; then
  say "Killing the server $crashes times on each engine"
  COMMONWEAL_CRASHES=$crashes COMMONWEAL_MAIL_KILLS=100 COMMONWEAL_MAIL_PEOPLE=20000 "$ROOT/scripts/postgres.sh" run --fast \
    cargo nextest run --workspace --locked --no-capture -E 'package(commonweal) and test(/^crash::/)'
fi
