#!/usr/bin/env bash
# openapi-generator's kotlin.
set -euo pipefail
cd "$(dirname "$0")"
../openapi-generator.sh kotlin clients
mvn --batch-mode --quiet --no-transfer-progress -Dkotlin.compiler.daemon=false compile exec:java
