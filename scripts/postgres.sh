#!/usr/bin/env bash
# A throw-away PostgreSQL server from the programs installed on this machine.
#
#   scripts/postgres.sh run [--fast] CMD…     start, run CMD with DATABASE_URL_TEST, stop in any case
#   scripts/postgres.sh start [--fast]        start and leave running; prints the URL
#   scripts/postgres.sh url                   the URL of the server that `start` left running
#   scripts/postgres.sh stop                  stop it and remove its data
#   scripts/postgres.sh check                 whether the programs are there, version 15 or later
#
# PG_SETTINGS adds lines to its configuration.
#
# Data are as safe as PostgreSQL makes them (fsync on), which the crash tests rely on; --fast turns
# that off for tests that do not crash anything. Needs no root; as root it runs the server as
# `postgres` or `nobody`, because PostgreSQL refuses root.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LEAST=15
# Where `start` notes what it started. One server per checkout.
STATE="$ROOT/target/postgres-test"

# Folder of initdb and postgres, the newest version when there are several.
find_bindir() {
  local dir
  for dir in ${PG_BINDIR:+"$PG_BINDIR"} $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin | sort -rV); do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
      printf '%s\n' "$dir"
      return
    fi
  done
  if have initdb && have postgres; then
    dirname "$(command -v initdb)"
    return
  fi
  return 1
}

require_bindir() {
  BINDIR="$(find_bindir)" || die "PostgreSQL's server programs (initdb, postgres) were not found. Install PostgreSQL $LEAST or later (Debian: apt-get install postgresql) or set PG_BINDIR to their folder."
  local version
  version="$("$BINDIR/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')"
  [ "$version" -ge "$LEAST" ] || die "PostgreSQL $version was found in $BINDIR; $LEAST or later is needed."
}

# as_server CMD…: runs CMD as the user that the server runs as.
as_server() {
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  elif have runuser; then
    # From / because that user may not be able to enter the folder that we are in.
    (cd / && runuser -u "$SERVER_USER" -- "$@")
  else
    (cd / && setpriv --reuid "$SERVER_USER" --regid "$(id -g "$SERVER_USER")" --clear-groups -- "$@")
  fi
}

pick_server_user() {
  SERVER_USER="$(id -un)"
  if [ "$(id -u)" -eq 0 ]; then
    if id postgres >/dev/null 2>&1; then SERVER_USER=postgres; else SERVER_USER=nobody; fi
  fi
}

# boot FAST: makes a cluster and starts it; sets BASE (its folder) and URL.
boot() {
  local fast=$1 port attempt
  require_bindir
  pick_server_user
  # Outside the checkout, which the server's user need not be able to enter. Sockets have to have
  # short paths, so nothing deep either.
  BASE="$(mktemp -d "${TMPDIR:-/tmp}/commonweal-pg.XXXXXX")"
  chmod 711 "$BASE"
  mkdir "$BASE/data" "$BASE/socket"
  if [ "$(id -u)" -eq 0 ]; then chown "$SERVER_USER" "$BASE/data" "$BASE/socket" "$BASE"; fi
  as_server "$BINDIR/initdb" --pgdata="$BASE/data" --username=commonweal --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$BASE/initdb.log" 2>&1 || {
    cat "$BASE/initdb.log" >&2
    die "initdb failed; its output stands above."
  }
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = '$BASE/socket'"
    # Every test has a database and a pool of its own.
    echo "max_connections = 300"
    echo "shared_buffers = '256MB'"
    echo "log_min_messages = warning"
    # One setting a line; the benchmarks give the server the memory that it would have in service.
    if [ -n "${PG_SETTINGS:-}" ]; then printf '%s\n' "$PG_SETTINGS"; fi
    if [ "$fast" = yes ]; then
      echo "fsync = off"
      echo "synchronous_commit = off"
      echo "full_page_writes = off"
    fi
  } | as_server tee -a "$BASE/data/postgresql.conf" >/dev/null

  # Somebody else may take the port between our look and the server's start.
  for attempt in 1 2 3 4 5; do
    port="$(free_port $((20000 + (RANDOM % 20000))))"
    if as_server "$BINDIR/pg_ctl" start --silent --wait --timeout=60 --pgdata="$BASE/data" --log="$BASE/data/server.log" --options="-p $port"; then
      URL="postgres://commonweal@127.0.0.1:$port/postgres"
      return
    fi
    echo "Start $attempt on port $port failed." >&2
  done
  cat "$BASE/data/server.log" >&2
  shut "$BASE"
  die "PostgreSQL did not start; its log stands above."
}

# shut BASE: stops the server in BASE, at once, and removes its data.
shut() {
  local base=$1
  if [ -f "$base/data/postmaster.pid" ]; then
    as_server "$BINDIR/pg_ctl" stop --silent --mode=immediate --pgdata="$base/data" || true
  fi
  rm -rf "$base"
}

command="${1:-}"
[ $# -eq 0 ] || shift
fast=no
if [ "${1:-}" = --fast ]; then
  fast=yes
  shift
fi

case "$command" in
  check)
    require_bindir
    "$BINDIR/postgres" --version
    ;;
  run)
    [ $# -gt 0 ] || die "Say what to run: scripts/postgres.sh run [--fast] CMD…"
    BASE=""
    child=""
    # shellcheck disable=SC2317 # called by the trap
    clean_up() {
      # The command goes first, so that it does not see its database vanish.
      if [ -n "$child" ]; then
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
      fi
      [ -z "$BASE" ] || shut "$BASE"
    }
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    boot "$fast"
    export DATABASE_URL_TEST="$URL"
    # In the background, because a shell that waits for a foreground command hears no signal.
    "$@" <&0 &
    child=$!
    status=0
    wait "$child" || status=$?
    child=""
    exit "$status"
    ;;
  start)
    if [ -f "$STATE/base" ] && [ -d "$(cat "$STATE/base")" ]; then
      die "It is running already: $(cat "$STATE/url"). Stop it by scripts/postgres.sh stop."
    fi
    boot "$fast"
    mkdir -p "$STATE"
    printf '%s\n' "$BASE" >"$STATE/base"
    printf '%s\n' "$URL" >"$STATE/url"
    printf '%s\n' "$URL"
    ;;
  url)
    [ -f "$STATE/url" ] || die "No server is running. Start one by scripts/postgres.sh start."
    cat "$STATE/url"
    ;;
  stop)
    [ -f "$STATE/base" ] || die "No server is running."
    require_bindir
    pick_server_user
    shut "$(cat "$STATE/base")"
    rm -rf "$STATE"
    ;;
  *)
    die "Use: scripts/postgres.sh start|stop|url|check, or run [--fast] CMD…"
    ;;
esac
