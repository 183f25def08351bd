#!/usr/bin/env bash
# Generates clients with further generators, compiles them, and makes each call once with default settings and a plain token.
# Arguments name the folders to run; without any, all are run.
set -euo pipefail
cd "$(dirname "$0")"
source ../emulator.sh

if [ $# = 0 ]; then set -- typescript go python kotlin rust; fi
for folder in "$@"; do
    printf '== %s\n' "$folder"
    "$folder/run.sh"
done
