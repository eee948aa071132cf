#!/usr/bin/env bash
# All checks: what `make test` and .ci/run do. Goes on after a failure, so that one run shows all of
# them; the last line is the total.
#
#   scripts/test.sh [CHECK…]      only these, for example: scripts/test.sh browser api
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT" || exit 1

# Stopping means all of it, not only the check that runs.
trap 'exit 130' INT
trap 'exit 143' TERM

LOGS="$ROOT/target/test-logs"
mkdir -p "$LOGS"
began=$SECONDS
passed=()
failed=()
wanted=("$@")

# check NAME CMD…: runs a check unless others were asked for, and notes what became of it.
check() {
  local name=$1 start=$SECONDS status
  shift
  if [ "${#wanted[@]}" -gt 0 ] && ! printf '%s\n' "${wanted[@]}" | grep -qx "$name"; then
    return 0
  fi
  say "$name"
  "$@" 2>&1 | tee "$LOGS/$name.log"
  status=${PIPESTATUS[0]}
  if [ "$status" -eq 0 ]; then
    passed+=("$name")
  else
    failed+=("$name")
    echo "FAILED: $name (its output is in target/test-logs/$name.log)"
  fi
  printf '%s took %s s\n' "$name" $((SECONDS - start))
}

# A test that hangs is ended after a minute and named; .config/nextest.toml says which may take longer. The
# examples in the documentation are cargo's own to run.
rust_tests() {
  local status=0
  scripts/postgres.sh run --fast cargo nextest run --color never --workspace --locked --no-fail-fast || status=1
  cargo test --workspace --locked --no-fail-fast --doc || status=1
  return "$status"
}

# The whole workspace is chosen, so that libraries have the features that the tests have and are not compiled twice.
browser_tests() {
  cargo build --locked --workspace --bin commonweal && node frontend/tests/run.mjs
}

api_tests() {
  cargo build --locked --workspace --bin commonweal && scripts/schemathesis.sh
}

# How many tests the log counts under words such as "passed": in the summary of nextest, and in the results
# of the examples in the documentation.
count() {
  local word
  for word in "$@"; do
    sed -n -e "s/^ *Summary \[.* \([0-9][0-9]*\) $word.*/\1/p" -e "s/^test result:.* \([0-9][0-9]*\) $word.*/\1/p" "$LOGS/rust.log" 2>/dev/null
  done | awk '{n += $1} END {print n + 0}'
}

say "What is needed"
scripts/setup.sh test || exit 1
scripts/assets.sh --with-packages || exit 1
# setup.sh may have put Node.js beside the checkout just now.
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"

check format cargo fmt --all --check
check shell scripts/lint.sh shell
check dockerfile scripts/lint.sh dockerfile
check unit scripts/lint.sh unit
check supply scripts/lint.sh supply
check sbom scripts/sbom.sh
check rust rust_tests
# After the tests: it shares what they compiled of macros and build scripts, and a failing test is
# the more interesting news.
check clippy cargo clippy --workspace --all-targets --locked -- -D warnings
check browser browser_tests
check api api_tests

if [ $((${#passed[@]} + ${#failed[@]})) -eq 0 ]; then
  die "No check is named so. There are: format shell dockerfile unit supply sbom rust clippy browser api."
fi
took=$((SECONDS - began))
echo
for name in ${failed[@]+"${failed[@]}"}; do
  echo "failed: $name (target/test-logs/$name.log)"
done
details=""
if printf '%s\n' ${passed[@]+"${passed[@]}"} ${failed[@]+"${failed[@]}"} | grep -qx rust; then
  details="; Rust tests: $(count passed) passed, $(count failed "timed out") failed, $(count skipped ignored) ignored"
fi
if [ -f "$LOGS/browser.log" ] && printf '%s\n' ${passed[@]+"${passed[@]}"} ${failed[@]+"${failed[@]}"} | grep -qx browser; then
  details="$details; browser tests: $(tail -n 1 "$LOGS/browser.log")"
fi
printf 'Total: %s checks passed, %s failed in %s min %s s%s\n' "${#passed[@]}" "${#failed[@]}" $((took / 60)) $((took % 60)) "$details"
[ "${#failed[@]}" -eq 0 ]
