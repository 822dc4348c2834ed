#!/usr/bin/env bash
# The server in debug and Vite's development server in front of it; both end together.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo run -p essor-server -- serve --demo &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
(cd web && npm run dev)
