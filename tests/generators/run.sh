#!/usr/bin/env bash
# Generates clients with further generators, compiles them, and makes each call once with default settings and a plain token.
# Arguments name the folders to run; without any, all are run.
set -euo pipefail
cd "$(dirname "$0")"
EMULATOR_FLAGS=()
source ../emulator.sh
export NO_PROXY=127.0.0.1 URL TOKEN PROJECT_ID WORKSPACE DWS MRS
URL=$(ready url)
TOKEN=$(ready token)
PROJECT_ID=$(ready project_id)
WORKSPACE=$(ready workspace)
DWS=$(ready clusters dws 0)
MRS=$(ready clusters mrs 0)

if [ $# = 0 ]; then set -- typescript go python kotlin rust; fi
for folder in "$@"; do
    printf '== %s\n' "$folder"
    "$folder/run.sh"
done
