#!/usr/bin/env bash
# Makes FOLDER/.venv with exactly the packages of FOLDER/requirements.txt; does nothing if they are there.
set -euo pipefail
cd "$1"
if cmp -s requirements.txt .venv/requirements.txt; then exit; fi
python3 -m venv --clear .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
cp requirements.txt .venv/
