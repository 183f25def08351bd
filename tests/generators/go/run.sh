#!/usr/bin/env bash
# ogen.
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS=-mod=readonly
for service in dataarts-studio dws mrs; do
    go tool ogen --loglevel error --clean --package "${service//-/_}" --target "clients/${service//-/_}" \
        "../../../openapi/$service.yaml"
done
go run .
