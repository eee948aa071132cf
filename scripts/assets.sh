#!/usr/bin/env bash
# Builds frontend/dist when the sources have changed since the last build.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT/frontend"

# npm writes the lock that it has installed into node_modules; ours is newer after an update.
packages_are_current() {
  [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]
}

case "${1:-}" in
  "") want_packages=no ;;
  --with-packages) want_packages=yes ;;
  *) die "Use: scripts/assets.sh [--with-packages]" ;;
esac

if have node && node build.mjs --check && { [ "$want_packages" = no ] || packages_are_current; }; then
  exit 0
fi
"$ROOT/scripts/setup.sh" assets
# setup.sh may have put Node.js beside the checkout just now.
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
if ! packages_are_current; then
  say "Installing the packages of frontend/package-lock.json"
  npm ci --ignore-scripts --no-fund --no-audit
fi
node build.mjs
