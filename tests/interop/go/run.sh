#!/usr/bin/env bash
# Generates the Go clients and runs the suite. Arguments go to `go test`, such as `-run /html`.
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS=-mod=readonly NO_PROXY=127.0.0.1

mkdir -p clients/studio clients/dws clients/mrs
go generate ./...
go vet ./...
exec go test -count=1 "$@" ./...
