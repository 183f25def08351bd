#!/usr/bin/env bash
# Makes the editions, and gives every document to the common validators. None may report an error. The requests of the
# Postman collection are sent to the emulator.
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/node_modules/.bin:$PATH" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true SCARF_ANALYTICS=false
../npm.sh .
../venv.sh ../contract
node editions.js
documents=(../../openapi/{dataarts-studio,dws,mrs,iam}.yaml ../../crates/idsync-emulator/control.yaml ../../target/openapi/*.json)

redocly lint --extends=spec "${documents[@]}" 2> /dev/null
spectral lint --ruleset spectral.yaml --fail-severity=error "${documents[@]}"
for document in "${documents[@]}"; do swagger-cli validate "$document"; done
../contract/.venv/bin/python -m openapi_spec_validator "${documents[@]}"

source ../emulator.sh
newman run --bail --reporters cli --reporter-cli-no-banner --env-var "url=$ENDPOINT" ../../target/openapi/postman/idsync.postman_collection.json
