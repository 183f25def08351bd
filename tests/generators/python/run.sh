#!/usr/bin/env bash
# openapi-generator's python.
set -euo pipefail
cd "$(dirname "$0")"
../../venv.sh .
../openapi-generator.sh python clients --additional-properties=generateSourceCodeOnly=true
PYTHONPATH=clients/dataarts-studio:clients/dws:clients/mrs .venv/bin/python calls.py
