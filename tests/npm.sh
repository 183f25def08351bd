#!/usr/bin/env bash
# Makes FOLDER/node_modules with exactly the packages of FOLDER/package-lock.json; does nothing if they are there.
set -euo pipefail
cd "$1"
if cmp -s package-lock.json node_modules/package-lock.json; then exit; fi
npm ci --no-fund --no-audit --loglevel=error
cp package-lock.json node_modules/
