#!/bin/sh
# Runs a command of the project with its dependencies in place: installs them first when they are missing or stale.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1; then
  echo 'clincher needs Node 20.19 or newer, and there is no `node` on PATH: https://nodejs.org/en/download' >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "clincher needs Node 20.19 or newer; this is $(node --version): https://nodejs.org/en/download" >&2
  exit 1
fi

# npm writes this file last, so a half-finished install counts as missing.
stamp=node_modules/.package-lock.json

install_dependencies() {
  if [ -f package-lock.json ]; then verb=ci; else verb=install; fi
  echo "Installing the project's dependencies (npm $verb; about half a minute the first time) …" >&2
  (while sleep 10 >/dev/null 2>&1; do echo '  … still installing' >&2; done) &
  ticker=$!
  trap 'kill "$ticker" 2>/dev/null || :' EXIT
  trap 'exit 130' INT TERM
  npm "$verb" --no-audit --no-fund --loglevel=error >&2
  kill "$ticker" 2>/dev/null || :
  trap - EXIT INT TERM
  if [ -f "$stamp" ]; then touch "$stamp"; fi
}

wanted=package-lock.json
[ -f "$wanted" ] || wanted=package.json
if [ ! -f "$stamp" ] || [ "$wanted" -nt "$stamp" ]; then install_dependencies; fi

PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec "$@"
