"""The parts of one experiment: a webhook server, a sender under load; and what can be done to them."""

from __future__ import annotations

import json
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from clients.kafka import admin
from ops.demo.child import Child, Service, free_port
from ops.dev import stack as dev
from schemas import topics as names
from schemas.cloudevents import kafka as binding
from schemas.config import Config
from tests.faults.webhook import journal
from tests.support import topics

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.webhook.journal import Entry

MUTANTS: Final = "tests.faults.webhook.mutants"
STUCK_AFTER: Final = 120.0
LOOK: Final = 0.1


class World:
    """Runs while it is entered.

    Args:
        stack: with the broker.
        state: of the stack.
        folder: for every file.
        prefix: of the topics.
        rate: requests a second.
        mutant: the guarantee that is switched off.
    """

    def __init__(
        self, stack: Status, state: Path, folder: Path, prefix: str, *, rate: float, mutant: str | None
    ) -> None:
        self._state = state
        self._bootstrap = stack["kafka"].endpoint or ""
        self._folder = folder
        self._prefix = prefix
        self._rate = rate
        self._mutant = mutant
        self._journal = folder / "journal"
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        address = f"127.0.0.1:{free_port()}"
        kafka = {"bootstrap": self._bootstrap, "prefix": self._prefix, "partitions": 3, "replication": 1}
        written = {"kafka": kafka, "webhook": {"listen": address}}
        (self._folder / "reflexarc.yaml").write_text(json.dumps(written))
        config = Config.model_validate(written)
        admin.create(config.kafka, names.table(config), report=lambda _: None)
        with ExitStack() as closing:
            self.start()
            closing.callback(self.kill)  # whichever runs then
            self._server.await_ready()
            argv = ["tests.faults.webhook.sender", f"http://{address}", str(self._journal), str(self._rate)]
            self._sender = Child("sender", argv, self._folder, speaks=False)
            closing.callback(self._sender.kill)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    @property
    def journal(self) -> list[Entry]:
        """The sender's, up to now."""
        return journal.read(self._journal)

    def start(self) -> None:
        """Start the server."""
        argv = [MUTANTS, "--config", str(self._folder / "reflexarc.yaml"), "ingest", "webhook"]
        self._server = Service("webhook", argv, self._folder, {"MUTANT": self._mutant or ""})

    def kill(self) -> None:
        """SIGKILL to the server."""
        self._server.kill()

    def pause_broker(self) -> None:
        """The broker stands still, its connections open."""
        dev.pause(self._state, "kafka")

    def resume_broker(self) -> None:
        """It goes on."""
        dev.resume(self._state, "kafka")

    def stop_broker(self) -> None:
        """The broker ends."""
        dev.stop(self._state, "kafka")

    def start_broker(self) -> None:
        """It comes back with its data."""
        dev.start(self._state, "kafka")

    def await_accepted(self) -> None:
        """Until requests of both kinds that were sent after now have been accepted."""
        began, deadline = time.time(), time.monotonic() + STUCK_AFTER
        while {1, 3} - {len(each.ids) for each in self.journal if each.accepted and each.began > began}:
            assert self._server.alive, self._server.last_words()
            assert time.monotonic() < deadline, "nothing is accepted"
            time.sleep(LOOK)

    def finish(self) -> list[str]:
        """Let the sender hear its last answers, end the server; the ids of all committed records.

        Raises:
            AssertionError: one of them does not end as it should.
        """
        self._sender.signal(signal.SIGTERM)
        deadline = time.monotonic() + STUCK_AFTER
        while self._sender.alive and time.monotonic() < deadline:
            time.sleep(LOOK)
        assert 0 == self._sender.stop(), self._sender.last_words()
        assert 0 == self._server.stop(), self._server.last_words()
        found = topics.everything(self._bootstrap, names.events(self._prefix))
        return [binding.from_message(each.headers(), each.value()).id for each in found]
