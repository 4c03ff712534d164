from __future__ import annotations

from http.client import HTTPConnection
from typing import Any

import pytest


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bodies of all HTTP requests of this process, as they went over the wire."""
    sent: list[bytes] = []
    send = HTTPConnection.request

    def record(self: HTTPConnection, method: str, url: str, body: Any = None, *rest: Any, **named: Any) -> None:
        sent.append(body if isinstance(body, bytes) else str(body or "").encode())
        send(self, method, url, body, *rest, **named)

    monkeypatch.setattr(HTTPConnection, "request", record)
    return sent
