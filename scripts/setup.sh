#!/usr/bin/env bash
# Makes sure that what the named steps need is there: installs it through apt when root, else says what to install.
# Usage: scripts/setup.sh [rust] [node] [chromium] [postgres] [deny]
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
      if command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
        echo "Node 20 or later is needed; this is $(node --version)." >&2
        exit 1
      fi
      ;;
    chromium) need chromium chromium ;;
    postgres)
      [ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | head -n 1)" ] || packages+=(postgresql)
      ;;
    deny) command -v cargo-deny >/dev/null 2>&1 || cargo install --locked cargo-deny ;;
    *) echo "unknown step: $step" >&2; exit 2 ;;
  esac
done

[ ${#packages[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
else
  echo "Please install: ${packages[*]}   (for example: sudo apt-get install ${packages[*]})" >&2
  exit 1
fi
