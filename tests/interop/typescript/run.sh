#!/usr/bin/env bash
# Generates the TypeScript clients and runs the suite; `run.sh install` only installs the packages.
set -euo pipefail
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/package-lock.json; then
    npm ci --no-fund --no-audit --loglevel=error
    cp package-lock.json node_modules/
fi
if [ "${1:-}" = install ]; then exit; fi
exec npm test
