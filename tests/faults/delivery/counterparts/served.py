"""Counterparts that are a process of ours at one port: whatever speaks HTTP, and mail."""

from __future__ import annotations

import signal
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from ops.demo.child import Child, free_port
from tests.faults.delivery.bus import SECRET
from tests.faults.delivery.orchestrator import SECRET as ORCHESTRATOR
from tests.faults.tally import Delivery
from tests.sinks.eventbridge.bus import BUS, REGION
from tests.sinks.eventbridge.signature import KEY
from tests.sinks.vro.standin import WORKFLOW
from tests.support.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.delivery.counterparts.base import Place

BATCH: Final = 10
NUMBERED: Final = "{{ data.seq }} {{ data.key }}"


class Served:
    """A program of this folder, as ``python -m PROGRAM FILE PORT``.

    Args:
        place: where.
        program: its module.
        port: where it listens.
        settings: of the sink.
        environ: of the delivering process.
        batch: events of one request.
    """

    refuses = True

    def __init__(
        self,
        place: Place,
        program: str,
        port: int,
        *,
        settings: Mapping[str, Any],
        environ: Mapping[str, str] | None = None,
        batch: int = 1,
    ) -> None:
        self.settings = settings
        self.batch = batch
        self.environ = environ or {}
        self._place = place
        self._argv = [f"tests.faults.delivery.{program}", str(place.folder / "requests"), str(port)]
        self._numbers = count(1)
        self._child: Child | None = None
        self._tail = Tail(place.folder / "requests", _delivery)

    def start(self) -> None:
        """Have it run."""
        if self._child is not None and self._child.alive:
            self._child.signal(signal.SIGCONT)
        else:
            name = f"{self.settings['type']}-{next(self._numbers)}"
            self._child = self._place.scene.add(Child(name, self._argv, self._place.folder, speaks=False))

    def hang(self) -> None:
        """SIGSTOP."""
        if self._child is not None:
            self._child.signal(signal.SIGSTOP)

    def fall(self) -> None:
        """SIGKILL."""
        if self._child is not None:
            self._child.kill()

    def taken(self) -> Sequence[Delivery]:
        """By its file, which has a line before there is an answer."""
        return self._tail.read()

    def close(self) -> None:
        """Nothing is left: the scene ends the process."""


def http(place: Place) -> Served:
    """A webhook that takes CloudEvents."""
    port = free_port()
    return Served(place, "receiver", port, settings={"type": "http", "url": f"http://127.0.0.1:{port}/"})


def knative(place: Place) -> Served:
    """A Knative service."""
    port = free_port()
    return Served(place, "receiver", port, settings={"type": "knative", "uri": f"http://127.0.0.1:{port}/"})


def openfaas(place: Place) -> Served:
    """A gateway with one function."""
    port = free_port()
    return Served(place, "receiver", port, settings={"type": "openfaas", "gateway": f"http://127.0.0.1:{port}"})


def eventbridge(place: Place) -> Served:
    """A classic event bus."""
    port = free_port()
    credentials = place.folder / "credentials"
    credentials.write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    return Served(
        place,
        "bus",
        port,
        settings={
            "type": "eventbridge",
            "bus": BUS,
            "region": REGION,
            "endpoint": f"http://127.0.0.1:{port}",
            "batch": BATCH,
        },
        environ={
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_CONFIG_FILE": str(place.folder / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        },
        batch=BATCH,
    )


def smtp(place: Place) -> Served:
    """A mail server."""
    port = free_port()
    addresses = {"from": "reflexarc@example.org", "to": ["operator@example.org"]}
    server = {"host": "127.0.0.1", "port": port, "security": "none"}
    return Served(place, "mailbox", port, settings={"type": "smtp", **server, **addresses, "subject": NUMBERED})


def vro(place: Place) -> Served:
    """An Orchestrator with one workflow."""
    port = free_port()
    password = place.folder / "password"
    password.write_text(ORCHESTRATOR)
    account = {"username": "reflexarc", "password_file": str(password)}
    server = {"url": f"http://127.0.0.1:{port}", "workflow": WORKFLOW}
    return Served(place, "orchestrator", port, settings={"type": "vro", **server, **account})


def _delivery(line: Mapping[str, Any]) -> Delivery | None:
    return Delivery(line["seq"], line["key"], 0, "", line["at"]) if line["taken"] else None
