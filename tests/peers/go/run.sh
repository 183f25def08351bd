#!/usr/bin/env bash
# Runs the suite with the official Go SDK. Arguments go to `go test`.
set -euo pipefail
cd "$(dirname "$0")"
# The SDK reads profiles from the home folder and writes to it.
GOCACHE=$(go env GOCACHE) GOMODCACHE=$(go env GOMODCACHE)
export GOCACHE GOMODCACHE GOFLAGS=-mod=readonly NO_PROXY=127.0.0.1
HOME=$(mktemp -d)
trap 'rm -rf "$HOME"' EXIT
export HOME
go vet ./...
go test -count=1 "$@" ./...
