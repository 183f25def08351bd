#!/usr/bin/env bash
# Generates the Python clients and runs the suite. Arguments go to pytest, such as `-k html`.
set -euo pipefail
cd "$(dirname "$0")"
../../venv.sh .
export PATH="$PWD/.venv/bin:$PATH" NO_PROXY=127.0.0.1

for document in dataarts-studio dws mrs; do
    openapi-python-client generate --meta none --overwrite \
        --path "../../../openapi/$document.yaml" --output-path "clients/${document//-/_}"
done
# The generated modules are not written for the strict mode.
mypy --strict --follow-imports=silent service.py
exec pytest "$@"
