#!/usr/bin/env bash
# tests/apt.sh PROGRAM PACKAGE...: installs packages of Debian unless PROGRAM is on PATH. Fails where it may not.
set -euo pipefail
program=$1
shift
if command -v "$program" > /dev/null; then exit; fi
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
export DEBIAN_FRONTEND=noninteractive
install=("${as_root[@]}" apt-get install --quiet --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@")
"${install[@]}" > /dev/null 2>&1 || { "${as_root[@]}" apt-get update --quiet > /dev/null 2>&1 && "${install[@]}"; } > /dev/null 2>&1
