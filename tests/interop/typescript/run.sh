#!/usr/bin/env bash
# Generates the TypeScript clients and runs the suite.
set -euo pipefail
cd "$(dirname "$0")"
../../npm.sh .
exec npm test
