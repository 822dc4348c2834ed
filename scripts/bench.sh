#!/usr/bin/env bash
# Measures everything that bench/RESULTS.md states, each beside its limit, in one run. BENCH_CLIENTS and BENCH_EVENTS
# size the dashboard's portfolio, BENCH_SECONDS the ingestion, BENCH_HEALTH_EVENTS the use of the 100,000 clients.
set -euo pipefail
cd "$(dirname "$0")/.."
clients=${BENCH_CLIENTS:-10000} events=${BENCH_EVENTS:-10000000} seconds=${BENCH_SECONDS:-10}
scripts/setup.sh rust node chromium postgres
cargo build --release --locked --quiet -p essor-server -p essor-bench
essor=$PWD/target/release/essor bench=$PWD/target/release/essor-bench
work=$(mktemp -d) server=""
export ESSOR_LISTEN=127.0.0.1:7439 ESSOR_LOG=warn
url=http://$ESSOR_LISTEN
cleanup() {
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
  scripts/postgres.sh stop "$work/pg" || true
  rm -rf "$work"
}
trap cleanup EXIT
title() { printf '\n## %s\n' "$1"; }
serve() { # waits until it answers; prints how long that took
  local began; began=$(date +%s%N)
  "$essor" serve >"$work/serve.log" 2>&1 &
  server=$!
  until curl -fs -o /dev/null "$url/livez"; do sleep 0.005; done
  echo "start to first answer: $(( ($(date +%s%N) - began) / 1000000 )) ms"
}
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=""; }
memory() { awk '/RssAnon/ {printf "%s: %.0f MB\n", "'"$1"'", $2 / 1024}' "/proc/$server/status"; }

postgres=$(scripts/postgres.sh start "$work/pg")
# With the default of 1 GB a load writes a checkpoint every few seconds, and after each whole pages anew.
PGOPTIONS="" psql -q "$postgres" -c "ALTER SYSTEM SET max_wal_size = '4GB'" -c "SELECT pg_reload_conf()" >/dev/null
database() { # name; prints the URL of a new database
  PGOPTIONS="" psql -q "$postgres" -c "CREATE DATABASE $1" >/dev/null
  echo "${postgres%/postgres}/$1"
}

title "Size"
ls -l "$essor" | awk '{printf "binary: %.1f MB\n", $5 / 1e6}'
cat web/dist/assets/*.js | wc -c | awk '{printf "all JavaScript: %.0f kB\n", $1 / 1000}'

title "Start and memory"
export ESSOR_DATA_DIR=$work/start
echo "empty database:"; serve; stop
echo "existing database:"; serve; sleep 3; memory "idle memory"; stop

for engine in sqlite postgres; do
  title "Ingestion, $engine"
  export ESSOR_DATA_DIR=$work/ingest-$engine
  if [ $engine = postgres ]; then export ESSOR_DATABASE_URL; ESSOR_DATABASE_URL=$(database ingest); bare=$(database bare); else bare=sqlite://$work/bare.db; fi
  key=$("$essor" key create)
  serve
  "$bench" ingest --url "$url" --key "$key" --seconds "$seconds" --connections 64
  memory "memory after"
  stop
  "$bench" bare --database "$bare" --seconds "$seconds" --group 6000
done
unset ESSOR_DATABASE_URL

for engine in sqlite postgres; do
  title "Dashboard, $clients clients and $events events, $engine"
  export ESSOR_DATA_DIR=$work/read-$engine
  mkdir -p "$ESSOR_DATA_DIR"
  if [ $engine = postgres ]; then export ESSOR_DATABASE_URL; ESSOR_DATABASE_URL=$(database dashboard); target=$ESSOR_DATABASE_URL; else target=sqlite://$ESSOR_DATA_DIR/essor.db; fi
  "$bench" fill --database "$target" --clients "$clients" --events "$events"
  "$bench" journey --database "$target"
  serve
  "$bench" read --url "$url" --limit 50
  if [ $engine = sqlite ]; then
    node bench/page.mjs "$url" "$("$essor" link --email bench@essor.example)"
  fi
  stop
done
unset ESSOR_DATABASE_URL

title "Import of 100,000 rows"
"$bench" import --database "sqlite://$work/import.db"
"$bench" import --no-bare --database "$(database import)"

for engine in sqlite postgres; do
  title "100,000 clients, $engine: health, pages, a signal under load"
  export ESSOR_DATA_DIR=$work/many-$engine
  mkdir -p "$ESSOR_DATA_DIR"
  if [ $engine = postgres ]; then export ESSOR_DATABASE_URL; ESSOR_DATABASE_URL=$(database many); target=$ESSOR_DATABASE_URL; else target=sqlite://$ESSOR_DATA_DIR/essor.db; fi
  "$bench" fill --database "$target" --clients 100000 --events "${BENCH_HEALTH_EVENTS:-1000000}"
  "$bench" health --database "$target"
  "$bench" journey --database "$target"
  token=$("$essor" token create --scopes read,write)
  key=$("$essor" key create)
  serve
  "$bench" read --url "$url" --limit 200
  "$bench" table --url "$url" --token "$token" --times 100
  "$bench" signal --url "$url" --token "$token" --key "$key" --rate 5000 --seconds 60
  stop
done
