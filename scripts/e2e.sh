#!/usr/bin/env bash
# The real binary, driven by the stock SDKs and by a real browser. It must be built, with the interface inside:
# target/release/essor, or what ESSOR_TEST_BINARY names. With ESSOR_TEST_POSTGRES (the URL of a cluster where
# databases may be made) the SDK tests run on PostgreSQL too. Arguments go to Playwright:
#   scripts/e2e.sh --project=browser live
set -euo pipefail
cd "$(dirname "$0")/.."

export ESSOR_TEST_BINARY="${ESSOR_TEST_BINARY:-$PWD/target/release/essor}"
[ -x "$ESSOR_TEST_BINARY" ] || { echo "$ESSOR_TEST_BINARY does not exist: run make build first." >&2; exit 1; }

cd web/e2e
# The browser is the system's: none is downloaded.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
stamp=node_modules/.package-lock.json
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  npm ci --no-audit --no-fund --ignore-scripts
  touch "$stamp"
fi
npm run --silent check
exec node_modules/.bin/playwright test "$@"
