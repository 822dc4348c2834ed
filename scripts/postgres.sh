#!/usr/bin/env bash
# A throw-away PostgreSQL cluster on a free port of the loopback, as a user who is not root.
#   scripts/postgres.sh start DIR   makes and starts it; prints its URL
#   scripts/postgres.sh stop DIR    stops and removes it
set -euo pipefail
action=$1 dir=$2
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)")

user=nobody
if id postgres >/dev/null 2>&1; then user=postgres; fi
as() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" -eq 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi
}

case "$action" in
  start)
    mkdir -p "$dir"
    [ "$(id -u)" -eq 0 ] && chown "$user" "$dir"
    # From a folder that the user can read, or initdb complains.
    cd /
    as "$bin/initdb" -D "$dir/data" -U essor -A trust -E UTF8 --no-locale --no-sync >"$dir/initdb.log" 2>&1 \
      || { cat "$dir/initdb.log" >&2; exit 1; }
    for _ in 1 2 3 4 5; do
      port=$(( (RANDOM % 20000) + 20000 ))
      if as "$bin/pg_ctl" -D "$dir/data" -w -t 30 -l "$dir/data/server.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=128MB" \
        start >/dev/null 2>&1; then
        echo "postgres://essor@127.0.0.1:$port/postgres"
        exit 0
      fi
    done
    cat "$dir/data/server.log" >&2
    exit 1
    ;;
  stop)
    cd /
    as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$dir"
    ;;
  *) echo "start or stop" >&2; exit 2 ;;
esac
