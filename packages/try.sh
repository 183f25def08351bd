#!/usr/bin/env bash
# Installs the packages of build.sh in an empty virtual environment and an empty Node.js project, and calls the emulator of
# each: the token of its ready line must open the list of tasks.
set -euo pipefail
packages=$(cd "$(dirname "$0")/../target/packages" && pwd)
emulator=$(cd "$(dirname "$0")/../tests" && pwd)/emulator.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call PROGRAM
call() (
    export IDSYNC_BIN=$1
    source "$emulator"
    curl --silent --show-error --fail --output /dev/null --header "X-Auth-Token: $TOKEN" \
        --header "workspace: $WORKSPACE" "$ENDPOINT/v1/$PROJECT_ID/security/member-sync-tasks"
    printf '%s: the emulator answers\n' "$1"
)

if ldd "$packages/idsync" 2>&1 | grep '=>'; then
    printf 'the binary is not static\n' >&2
    exit 1
fi
call "$packages/idsync"

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$packages"/*.whl
call "$folder/venv/bin/idsync"

mkdir "$folder/node"
cd "$folder/node"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund "$packages"/*.tgz
call "$folder/node/node_modules/.bin/idsync"
