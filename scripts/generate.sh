#!/usr/bin/env bash
# Writes what is generated: the OpenAPI description from the code, the TypeScript types from it, the tables of the
# documentation. With --check it writes nothing and fails when a committed file differs.
set -euo pipefail
cd "$(dirname "$0")/.."
check=${1:-}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Of the whole workspace, as the tests are built: one crate alone would build what it depends on with other features again.
cargo build --quiet --locked --workspace
essor=${CARGO_TARGET_DIR:-target}/debug/essor
"$essor" print openapi >"$out/openapi.json"
"$essor" print settings >"$out/settings.md"
"$essor" print roles >"$out/roles.md"
[ -d web/tools/node_modules ] || (cd web/tools && npm ci --no-audit --no-fund --silent)
web/tools/node_modules/.bin/openapi-typescript "$out/openapi.json" -o "$out/schema.gen.ts" >/dev/null

drift=0
place() { # generated, committed
  if [ "$check" = "--check" ]; then
    diff -u "$2" "$1" || { echo "$2 is not what the code generates: run make generate" >&2; drift=1; }
  else
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2"
  fi
}
place "$out/openapi.json" docs/api/openapi.json
place "$out/schema.gen.ts" web/src/api/schema.gen.ts
place "$out/settings.md" docs/reference/settings.md
place "$out/roles.md" docs/reference/roles.md
exit $drift
