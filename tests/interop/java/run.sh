#!/usr/bin/env bash
# Generates the Java clients and runs the suite. Arguments go to Maven.
set -euo pipefail
cd "$(dirname "$0")"
exec mvn --batch-mode --no-transfer-progress -Dorg.slf4j.simpleLogger.log.org.openapitools=warn "$@" test
