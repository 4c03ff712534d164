"""EventBridge as far as ListRules goes: strict about what it is asked, paged, and able to refuse."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

KNOWN = {"EventBusName", "NamePrefix", "Limit", "NextToken"}


@dataclass
class Bus:
    """What the stand-in holds, and what it was asked.

    Attributes:
        rules: patterns as text by bus and name of rule; None is a rule with a schedule.
        page: most rules in one answer.
        refusal: code and message of the error that every call gets.
        asked: every request body so far.
    """

    region: str = "eu-central-1"
    account: str = "123456789012"
    rules: dict[tuple[str, str], str | None] = field(default_factory=dict)
    page: int = 2
    refusal: tuple[str, str] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def arn(self, bus: str, name: str) -> str:
        path = name if bus == "default" else f"{bus}/{name}"
        return f"arn:aws:events:{self.region}:{self.account}:rule/{path}"

    def answer(self, target: str | None, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append(request)
        if self.refusal:
            return 400, {"__type": self.refusal[0], "message": self.refusal[1]}
        if target != "AWSEvents.ListRules" or request.keys() - KNOWN or not 1 <= request.get("Limit", 1) <= 100:
            return 400, {"__type": "ValidationException", "message": f"{target} {request}"}
        bus = request.get("EventBusName", "default")
        names = sorted(name for at, name in self.rules if at == bus and name.startswith(request.get("NamePrefix", "")))
        begin = int(request.get("NextToken", "0"))
        end = begin + min(self.page, request.get("Limit", 100))
        rules = [self._rule(bus, name) for name in names[begin:end]]
        return 200, {"Rules": rules} | ({"NextToken": str(end)} if end < len(names) else {})

    def _rule(self, bus: str, name: str) -> dict[str, Any]:
        pattern = self.rules[bus, name]
        rest = {"ScheduleExpression": "rate(1 hour)"} if pattern is None else {"EventPattern": pattern}
        return {"Name": name, "Arn": self.arn(bus, name), "State": "ENABLED", "EventBusName": bus, **rest}


def server_of(bus: Bus) -> ThreadingHTTPServer:
    """A server of ``bus`` at a free port, not yet serving."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = bus.answer(self.headers["X-Amz-Target"], json.loads(body))
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@contextmanager
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """A bus to which boto3 talks in this process, whatever the environment says of AWS."""
    bus = Bus()
    server = server_of(bus)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with served(server):
        yield bus
