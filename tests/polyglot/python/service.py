"""What the three services have in common for a caller: the token, and how a failure is read."""

from typing import Any

import httpx

SECONDS = 10.0


class ServiceFailure(Exception):
    """Any answer that is not the one asked for."""

    def __init__(self, status: int, code: str | None = None) -> None:
        super().__init__(f"status {status}, error code {code}")
        self.status = status
        self.code = code


def refuse_what_is_not_json(response: httpx.Response) -> None:
    """The generated code would stop at such a body too, but its error would not tell the status."""
    response.read()
    try:
        response.json()
    except ValueError as error:
        raise ServiceFailure(response.status_code) from error


def settings(url: str, token: str) -> dict[str, Any]:
    """Arguments for the `AuthenticatedClient` of a service. The token goes into a header of its own, as it is."""
    return {
        "base_url": url,
        "token": token,
        "prefix": "",
        "auth_header_name": "X-Auth-Token",
        "timeout": httpx.Timeout(SECONDS),
        "httpx_args": {"event_hooks": {"response": [refuse_what_is_not_json]}},
    }
