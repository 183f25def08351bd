#!/usr/bin/env bash
# openapi-generator's rust.
set -euo pipefail
cd "$(dirname "$0")"
../openapi-generator.sh rust clients
cargo run --quiet --locked
