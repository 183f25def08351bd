# Sourced by scripts: starts an emulator that ends with the script. `ready KEY…` prints a value of its ready line.

exec {ready_line}< <(exec "${IDSYNC_BIN:-$(dirname "${BASH_SOURCE[0]}")/../target/debug/idsync}" emulator --quiet "${EMULATOR_FLAGS[@]}")
emulator_pid=$!
trap 'kill "$emulator_pid" 2> /dev/null || true' EXIT
read -r READY <&"$ready_line" || { printf 'the emulator did not start\n' >&2; exit 1; }

# ready clusters dws 0
ready() {
    READY=$READY python3 -c '
import json, os, sys
value = json.loads(os.environ["READY"])
for key in sys.argv[1:]:
    value = value[int(key) if key.isdigit() else key]
print(value)' "$@"
}
