#!/usr/bin/env bash
# Makes sure that what the named steps need is there: installs it through apt when root, else says what to install.
# Usage: scripts/setup.sh [rust] [node] [python] [chromium] [postgres] [deny]
set -euo pipefail

packages=()
need() { # command, Debian package, what for
  command -v "$1" >/dev/null 2>&1 || packages+=("$2")
}

for step in "$@"; do
  case "$step" in
    rust)
      command -v cargo >/dev/null 2>&1 || { echo "Rust is missing: install it with rustup, then try again." >&2; exit 1; }
      need cc build-essential
      ;;
    node)
      command -v npm >/dev/null 2>&1 || packages+=(nodejs npm)
      ;;
    chromium) need chromium chromium ;;
    python) need python3 python3 ;;
    postgres)
      [ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | head -n 1)" ] || packages+=(postgresql)
      ;;
    deny) command -v cargo-deny >/dev/null 2>&1 || cargo install --locked cargo-deny ;;
    *) echo "unknown step: $step" >&2; exit 2 ;;
  esac
done

if [ ${#packages[@]} -eq 0 ]; then
  :
elif [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
else
  echo "Please install: ${packages[*]}   (for example: sudo apt-get install ${packages[*]})" >&2
  exit 1
fi

# Vite wants 20.19 or later; what apt installed may be older.
case " $* " in
  *" node "*)
    if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
      echo "Node 20.19 or later is needed; this is $(node --version)." >&2
      exit 1
    fi
    ;;
esac
