"""Whatever is sent, over real TCP and with a real broker: no crash, no 5xx but 503, only events on the events topic."""

from __future__ import annotations

import json
import socket
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.kafka import admin
from ops.demo.child import Service, free_port
from schemas import topics as names
from schemas.cloudevents import kafka as binding
from schemas.config import Config
from tests.faults.webhook.requests import ENDPOINTS, requests
from tests.support import slack, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

TOGETHER: Final = 20
SHORT, LONG = 20, 10_000
WARM: Final = 1_000
GROWTH: Final = 64 << 20
SECONDS: Final = 60.0


class Target:
    """A server with an endpoint of each kind; what it has answered."""

    def __init__(self, folder: Path, bootstrap: str, prefix: str) -> None:
        self.port = free_port()
        self.stored = (names.events(prefix), names.commands(prefix))
        self.statuses: Counter[int] = Counter()
        kafka = {"bootstrap": bootstrap, "prefix": prefix, "partitions": 3, "replication": 1}
        endpoints = ENDPOINTS | {"slack": slack.written(folder)}
        written = {"kafka": kafka, "webhook": {"listen": f"127.0.0.1:{self.port}", "endpoints": endpoints}}
        (folder / "reflexarc.yaml").write_text(json.dumps(written))
        config = Config.model_validate(written)
        admin.create(config.kafka, names.table(config), report=lambda _: None)
        argv = ["ops", "--config", str(folder / "reflexarc.yaml"), "ingest", "webhook"]
        self.service = Service("webhook", argv, folder)

    def send(self, request: bytes, *, complete: bool) -> None:
        """Send it and hear the answer out; what is no complete request may end without, for nothing follows it."""
        with socket.create_connection(("127.0.0.1", self.port), SECONDS) as connection:
            try:
                connection.sendall(request)
                if not complete:
                    connection.shutdown(socket.SHUT_WR)
                heard = b""
                while chunk := connection.recv(65_536):
                    heard += chunk
            except ConnectionError:
                assert not complete
                return
        assert heard or not complete
        if heard:
            status = int(heard.split(b" ", 2)[1])
            self.statuses[status] += 1
            assert status < 500 or status == 503, heard

    @property
    def resident(self) -> int:
        """Pages of memory that it has."""
        return int(Path(f"/proc/{self.service.pid}/statm").read_text().split()[1])


@pytest.fixture
def target(tmp_path: Path, kafka: str, prefix: str) -> Iterator[Target]:
    target = Target(tmp_path, kafka, prefix)
    try:
        target.service.await_ready()
        yield target
    finally:
        target.service.stop()


def test_noise_brings_nothing_down_and_nothing_strange_into_kafka(target: Target, kafka: str) -> None:
    """Four hundred requests of every kind; accepted and refused ones are among them."""
    fuzz(target, SHORT)
    look(target, kafka)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_thousand_requests_leave_no_mark(target: Target, kafka: str) -> None:
    """Memory after the first of them is memory after the last, but for what a pool may keep."""
    fuzz(target, WARM)
    before = target.resident
    fuzz(target, LONG)
    assert (target.resident - before) * 4096 < GROWTH
    look(target, kafka)


def fuzz(target: Target, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(requests, min_size=TOGETHER, max_size=TOGETHER))
    def attempt(drawn: list[tuple[bytes, bool]]) -> None:
        for request, complete in drawn:
            target.send(request, complete=complete)

    attempt()


def look(target: Target, kafka: str) -> None:
    assert {202, 400, 404, 405, 415} <= set(target.statuses)
    assert target.service.alive
    assert 200 == target.service.ask("/ready")[0]
    for topic in target.stored:
        found = topics.everything(kafka, topic)
        assert found
        for message in found:
            binding.from_message(message.headers(), message.value())
