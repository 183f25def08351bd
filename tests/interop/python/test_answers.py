"""What the generated clients make of the answers in ../cases.json."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from service import ServiceError, list_records, list_tasks, read_status

FOLDER = Path(__file__).parent
PROGRAM = os.environ.get("IDSYNC_BIN", FOLDER / "../../../target/debug/idsync")
CONTROL = httpx.Client()
CASES = json.loads((FOLDER / "../cases.json").read_text(encoding="utf-8"))
OPERATIONS = ("tasks", "records", "syncing")


class Emulator:
    """A running emulator, as its ready line describes it."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready

    def answer(self, operation: str, status: int, content_type: str, body: str) -> None:
        """Answers each call of the operation like this, and no other call with a fault."""
        faults = self.ready["url"] + "/_emulator/faults"
        fault = {"operation": operation, "kind": "status", "status": status, "content_type": content_type, "body": body}
        CONTROL.delete(faults).raise_for_status()
        CONTROL.post(faults, json=fault).raise_for_status()

    def call(self, operation: str, token: str | None = None) -> Any:
        url, project, clusters = self.ready["url"], self.ready["project_id"], self.ready["clusters"]
        token = token or self.ready["token"]
        match operation:
            case "tasks":
                return list_tasks(url, token, project, self.ready["workspace"])
            case "records":
                return list_records(url, token, project, clusters["dws"][0])
            case _:
                return read_status(url, token, project, clusters["mrs"][0])


@pytest.fixture(scope="session")
def process() -> Iterator[Emulator]:
    with subprocess.Popen([PROGRAM, "emulator", "--quiet"], stdout=subprocess.PIPE, text=True) as process:
        yield Emulator(json.loads(process.stdout.readline()))
        process.terminate()


@pytest.fixture
def emulator(process: Emulator) -> Emulator:
    CONTROL.delete(process.ready["url"] + "/_emulator/faults").raise_for_status()
    return process


def typed(value: Any) -> Any:
    """The described fields of a model that have a value, by their names on the wire."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if not attrs.has(type(value)):
        return value
    fields = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
    del fields["additional_properties"]
    return {name: typed(field) for name, field in fields.items() if not is_absent(field)}


def is_absent(field: Any) -> bool:
    """Each generated package has an `Unset` of its own."""
    return field is None or type(field).__name__ == "Unset"


def without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(field) for name, field in value.items() if field is not None}


def by_operation(cases: list[dict[str, Any]]) -> list[Any]:
    """A test for each case and each operation that the case has a body for."""
    return [
        pytest.param(operation, case, id=f"{case['name']}-{operation}")
        for case in cases
        for operation in OPERATIONS
        if operation in case or "body" in case
    ]


@pytest.mark.parametrize(("operation", "case"), by_operation(CASES["successes"]))
def test_every_field_of_a_success_is_read(emulator: Emulator, operation: str, case: dict[str, Any]) -> None:
    body = case[operation] if isinstance(case[operation], str) else json.dumps(case[operation])
    emulator.answer(operation, 200, case.get("content_type", "application/json"), body)
    expected = case["typed"][operation] if "typed" in case else json.loads(body)
    assert typed(emulator.call(operation)) == without_nulls(expected)


@pytest.mark.parametrize(("operation", "case"), by_operation(CASES["failures"]))
def test_a_failure_has_its_status_and_code(emulator: Emulator, operation: str, case: dict[str, Any]) -> None:
    emulator.answer(operation, case["status"], case.get("content_type", "application/json"), case["body"])
    with pytest.raises(ServiceError) as failure:
        emulator.call(operation)
    assert (failure.value.status, failure.value.code) == (case["status"], case["code"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_token_of_the_ready_line_gets_an_answer(emulator: Emulator, operation: str) -> None:
    assert typed(emulator.call(operation))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_token_for_user_and_password_gets_an_answer(emulator: Emulator, operation: str) -> None:
    user = {"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": {"name": "demo-company"}}
    auth = {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": {"id": emulator.ready["project_id"]}},
    }
    login = CONTROL.post(emulator.ready["url"] + "/v3/auth/tokens", json={"auth": auth}).raise_for_status()
    assert typed(emulator.call(operation, login.headers["X-Subject-Token"]))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_wrong_token_is_refused_with_the_code_of_the_gateway(emulator: Emulator, operation: str) -> None:
    with pytest.raises(ServiceError) as failure:
        emulator.call(operation, "not-a-token")
    assert (failure.value.status, failure.value.code) == (401, "APIGW.0307")
