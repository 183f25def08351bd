#!/usr/bin/env bash
# Runs the suite with the official Python SDK. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")"
../../venv.sh .
# The SDK reads profiles and .netrc from the home folder and writes to it.
mkdir -p .venv/home
export HOME="$PWD/.venv/home" NO_PROXY=127.0.0.1
exec .venv/bin/pytest "$@"
