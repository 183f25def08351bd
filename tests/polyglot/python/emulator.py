"""What a test asks of the emulator besides the three operations."""

from collections.abc import Mapping

import httpx

# The emulator's only user. The password opens nothing else.
IDENTITY = {
    "methods": ["password"],
    "password": {
        "user": {"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": {"name": "demo-company"}},
    },
}


def obtain_token(url: str, project_id: str) -> str:
    """A token for the project, as IAM issues it: in a header of the answer."""
    scope = {"project": {"id": project_id}}
    response = httpx.post(f"{url}/v3/auth/tokens", json={"auth": {"identity": IDENTITY, "scope": scope}})
    return response.raise_for_status().headers["X-Subject-Token"]


def script(url: str, fault: Mapping[str, object] | None) -> None:
    """Lets the next calls meet with this fault, and with none that was set before."""
    httpx.delete(f"{url}/_emulator/faults").raise_for_status()
    if fault is not None:
        httpx.post(f"{url}/_emulator/faults", json=fault).raise_for_status()
