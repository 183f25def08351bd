#!/usr/bin/env bash
# Runs the code samples of the documents (`x-codeSamples`), as they stand there, against the emulator. Arguments name the
# languages to run, such as `Python Go`; without any, all are run.
set -euo pipefail
cd "$(dirname "$0")"
../venv.sh ../contract
EMULATOR_FLAGS=()
source ../emulator.sh
export NO_PROXY=127.0.0.1 ENDPOINT TOKEN PROJECT_ID WORKSPACE REGION USER_NAME USER_PASSWORD DOMAIN_NAME DWS MRS
ENDPOINT=$(ready url)
TOKEN=$(ready token)
PROJECT_ID=$(ready project_id)
WORKSPACE=$(ready workspace)
REGION=$(ready region)
USER_NAME=$(ready user)
USER_PASSWORD=$(ready password)
DOMAIN_NAME=$(ready domain)
DWS=$(ready clusters dws 0)
MRS=$(ready clusters mrs 0)
node samples.js "$@"
