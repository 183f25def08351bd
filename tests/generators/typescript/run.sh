#!/usr/bin/env bash
# hey-api, and openapi-generator's typescript-axios and typescript-fetch.
set -euo pipefail
cd "$(dirname "$0")"
../../npm.sh .
for service in dataarts-studio dws mrs; do
    npx openapi-ts --silent -i "../../../openapi/$service.yaml" -o "clients/hey-api/$service"
done
../openapi-generator.sh typescript-axios clients/axios
../openapi-generator.sh typescript-fetch clients/fetch
npx tsc
npx tsx calls.ts
