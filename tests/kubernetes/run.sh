#!/usr/bin/env bash
# Decodes the objects of deploy/kubernetes by the types of the Kubernetes API.
set -euo pipefail
cd "$(dirname "$0")"
# Vetting would compile the types a second time.
GOFLAGS=-mod=readonly go test -vet=off -count=1 ./...
