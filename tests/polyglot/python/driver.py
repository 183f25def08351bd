"""Makes the calls that it reads from standard input, and prints what each client gave.

The first line is what the emulator printed when it was ready; each further line is one call, answered with one line.
"""

import json
import sys
from typing import Any

import records
import syncing
import tasks
from clients.dataarts_studio.types import Unset as UnsetTask
from clients.dws.types import Unset as UnsetRecord
from clients.mrs.types import Unset as UnsetFlag
from emulator import obtain_token, script
from service import ServiceFailure


def main() -> None:
    ready = json.loads(sys.stdin.readline())
    tokens = {
        "ready": ready["token"],
        "issued": obtain_token(ready["url"], ready["project_id"]),
        "wrong": "not-a-token",
    }
    for line in sys.stdin:
        call = json.loads(line)
        script(ready["url"], call["fault"])
        print(json.dumps(outcome(call["operation"], ready, tokens[call["token"]]), default=absent), flush=True)


def outcome(operation: str, ready: dict[str, Any], token: str) -> dict[str, object]:
    try:
        return {"answer": answer(operation, ready, token)}
    except ServiceFailure as failure:
        return {"failure": {"status": failure.status, "code": failure.code}}
    except Exception as error:
        return {"crash": repr(error)}


def answer(operation: str, ready: dict[str, Any], token: str) -> dict[str, object]:
    url, project_id = ready["url"], ready["project_id"]
    match operation:
        case "listSecurityMemberSyncTasks":
            return tasks.fields(tasks.list_tasks(url, token, project_id, ready["workspace"]))
        case "listSyncRecords":
            return records.fields(records.list_records(url, token, project_id, ready["clusters"]["dws"][0]))
        case "listClusterSyncTaskStatus":
            return syncing.fields(syncing.read_status(url, token, project_id, ready["clusters"]["mrs"][0]))
        case _:
            raise ValueError(f"no such operation: {operation}")


def absent(value: object) -> None:
    """A field that the answer did not have; each generated client has a type of its own for it."""
    if not isinstance(value, UnsetTask | UnsetRecord | UnsetFlag):
        raise TypeError(f"{value!r} is no value of a field")


if __name__ == "__main__":
    main()
