#!/usr/bin/env bash
# Runs the code samples of the documents (`x-codeSamples`), as they stand there, against the emulator. Arguments name the
# languages to run, such as `Python Go`; without any, all are run.
set -euo pipefail
cd "$(dirname "$0")"
../npm.sh .
../npm.sh ../interop/typescript
../venv.sh ../contract
source ../emulator.sh
node samples.js "$@"
