# Sourced by scripts: starts an emulator that ends with the script, and exports what its ready line says: ENDPOINT, TOKEN,
# PROJECT_ID, WORKSPACE, REGION, USER_NAME, USER_PASSWORD and DOMAIN_NAME, and one cluster of each service, DWS and MRS.

exec {ready_line}< <(exec "${IDSYNC_BIN:-$(dirname "${BASH_SOURCE[0]}")/../target/debug/idsync}" emulator --quiet)
emulator_pid=$!
trap 'kill "$emulator_pid" 2> /dev/null || true' EXIT
read -r ready <&"$ready_line" || { printf 'the emulator did not start\n' >&2; exit 1; }
exports=$(python3 -c '
import json, shlex, sys
ready = json.loads(sys.argv[1])
values = {
    "NO_PROXY": "127.0.0.1", "ENDPOINT": ready["url"], "TOKEN": ready["token"], "PROJECT_ID": ready["project_id"],
    "WORKSPACE": ready["workspace"], "REGION": ready["region"], "USER_NAME": ready["user"],
    "USER_PASSWORD": ready["password"], "DOMAIN_NAME": ready["domain"],
    "DWS": ready["clusters"]["dws"][0], "MRS": ready["clusters"]["mrs"][0],
}
print(*(f"export {name}={shlex.quote(value)}" for name, value in values.items()), sep="\n")' "$ready")
eval "$exports"
