# Shared by the scripts in this folder; sourced, never run. Bash.
# shellcheck shell=bash

# Folder of the checkout.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# What our scripts install for this checkout alone.
CACHE="$ROOT/.cache"

# Node.js that setup.sh put beside the checkout, where the system's is too old or missing.
if [ -d "$CACHE/node/bin" ]; then
  PATH="$CACHE/node/bin:$PATH"
fi
# Programs of Rust's that setup.sh put there.
if [ -d "$CACHE/bin" ]; then
  PATH="$CACHE/bin:$PATH"
fi
# Rust's usual place, which a fresh shell of a service or CI runner does not know.
if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi
export PATH

# say TEXT…: a line of progress, told apart from what the tools print.
say() {
  printf '\n==> %s\n' "$*" >&2
}

# die TEXT…: ends with a sentence on what is wrong and what to do.
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# python_tools NAME PACKAGE…: prints the folder of an environment in .cache with these packages of PyPI, and makes it when it is
# not there. Versions belong into the name.
python_tools() {
  local venv="$CACHE/$1"
  shift
  if [ ! -e "$venv/complete" ]; then
    say "Installing $* from PyPI into .cache/"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" >&2 || return 1
    : >"$venv/complete"
  fi
  printf '%s\n' "$venv"
}

# free_port FIRST: the first loopback port from FIRST on that nobody listens on.
free_port() {
  local port=$1
  while [ "$port" -lt 65536 ]; do
    # A successful connection means that the port is taken.
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
    port=$((port + 1))
  done
  die "There is no free port from $1 on."
}
