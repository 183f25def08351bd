#!/usr/bin/env bash
# ogen, and openapi-generator's go.
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS=-mod=readonly
for service in dataarts-studio dws mrs; do
    package=${service//-/_}
    mkdir -p "clients/ogen/$package"
    go tool ogen --loglevel error --clean --package "$package" --target "clients/ogen/$package" "../../../openapi/$service.yaml"
done
../openapi-generator.sh go clients/openapi --additional-properties=withGoMod=false
go run .
