#!/usr/bin/env bash
# Every test: formats and lints, Rust on both engines, the interface's units, the stock SDKs, the browser.
# ESSOR_TEST_LONG=1 runs the full fault list.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "set-up"
scripts/setup.sh rust node python chromium postgres

step "interface: install, check, units, build"
make --no-print-directory web/node_modules/.package-lock.json
(cd web && npm run check && npm test)
make --no-print-directory web/dist/index.html

step "Rust: formats and lints"
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

step "generated files"
scripts/generate.sh --check

step "the binary"
cargo build --release --locked --quiet

step "Rust: tests on SQLite and PostgreSQL"
cluster=$(mktemp -d)
trap 'scripts/postgres.sh stop "$cluster"' EXIT
ESSOR_TEST_POSTGRES=$(scripts/postgres.sh start "$cluster")
export ESSOR_TEST_POSTGRES
export ESSOR_TEST_BINARY="$PWD/target/release/essor"
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace --locked
else
  cargo test --workspace --locked --quiet
fi
cargo test --doc --workspace --locked --quiet

step "browser and SDKs"
scripts/e2e.sh

step "all tests passed"
