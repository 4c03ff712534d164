"""Two processes behind one port, as an operator starts them."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from bench.process import children
from clients.kafka import admin
from ingest.webhook.counters import Counters, parse
from ops.demo.child import Child, free_port
from ops.dev.ports import is_free
from schemas import topics as names
from schemas.cloudevents.kafka import from_message
from schemas.config import Config
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.stack

PATH: Final = "/router"
LOOK: Final = 0.02


class Server:
    """Two processes with a probe each."""

    def __init__(self, folder: Path, kafka: str, prefix: str) -> None:
        self._port, self._probes = free_port(), beside_one_another()
        self._sent = 0
        self.accepted: list[str] = []
        written = {
            "kafka": {"bootstrap": kafka, "prefix": prefix, "partitions": 2, "replication": 1},
            "webhook": {"listen": f"127.0.0.1:{self._port}", "endpoints": {"router": {"type": "event-router"}}},
        }
        (folder / "reflexarc.yaml").write_text(json.dumps(written))
        config = Config.model_validate(written)
        admin.create(config.kafka, names.table(config), report=lambda _: None)
        argv = ["ops", "--config", str(folder / "reflexarc.yaml"), "ingest", "webhook", "--processes", "2"]
        argv += ["--probe", f"127.0.0.1:{self._probes[0]}", "--instance", "test"]
        self.child = Child("webhook", argv, folder, speaks=False)

    @property
    def processes(self) -> set[int]:
        """Their ids."""
        return set(children(self.child.pid))

    def await_ready(self) -> None:
        """Until both say that they serve."""
        while {"ready\n"} != {ask(port, "/ready") for port in self._probes}:
            assert self.child.alive, self.child.last_words()
            time.sleep(LOOK)

    def counters(self) -> list[Counters]:
        """Of each process."""
        return [parse(ask(port, "/metrics") or "") for port in self._probes]

    def counted(self) -> list[float]:
        """Events that each process has counted."""
        return [each.of("reflexarc_webhook_events_total")[PATH] for each in self.counters()]

    def send(self) -> None:
        """One event on a connection of its own."""
        self._sent += 1
        headers = {"ce-specversion": "1.0", "ce-id": f"e-{self._sent}", "ce-source": "/s", "ce-type": "t"}
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{PATH}", b"", headers)
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            assert 200 == answer.status
        self.accepted.append(headers["ce-id"])

    def send_until_both_have_some(self) -> None:
        """The kernel draws for each connection whom it reaches."""
        before = self.counted()
        while not all(now > then for now, then in zip(self.counted(), before, strict=True)):
            self.send()

    def stats(self) -> dict[str, Any]:
        """What whoever answers tells of both."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/stats", timeout=30) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told


def ask(port: int, path: str) -> str | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return None


def beside_one_another() -> tuple[int, int]:
    while not is_free((first := free_port()) + 1):
        pass
    return first, first + 1


@contextmanager
def running(folder: Path, kafka: str, prefix: str) -> Iterator[Server]:
    server = Server(folder, kafka, prefix)
    try:
        server.await_ready()
        yield server
    finally:
        server.child.stop()


def test_both_take_events_tell_of_both_and_are_started_again(tmp_path: Path, kafka: str, prefix: str) -> None:
    """While one of them is gone the other answers alone; at the end every accepted event is in Kafka."""
    with running(tmp_path, kafka, prefix) as server:
        server.send_until_both_have_some()
        told = server.stats()
        assert (2, 0) == (told["reflexarc.processes"], told["reflexarc.unreachable"])
        assert len(server.accepted) == told["vmware.event.router.stats"]["webhook"]["events_total"]
        server.child.signal(signal.SIGHUP)  # of a terminal that is closed; nobody ends by it
        before, numbers = server.processes, {each.process for each in server.counters()}
        assert 2 == len(before) == len(numbers)

        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        while killed in server.processes:
            time.sleep(LOOK)
        for _ in range(20):
            server.send()
        server.await_ready()
        assert {killed} == before - server.processes
        assert 1 == len({each.process for each in server.counters()} & numbers)
        server.send_until_both_have_some()
        assert 2 == server.stats()["reflexarc.processes"]

        left = server.processes
        assert 0 == server.child.stop()
    assert [] == [pid for pid in left if exists(pid)]
    stored = {from_message(m.headers(), m.value()).id for m in topics.everything(kafka, names.events(prefix))}
    assert set(server.accepted) == stored


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
