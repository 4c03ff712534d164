"""A worker on a transport with one guarantee switched off: the environment variables PROGRAM and MUTANT name both.

A fault test that stays green under its mutant proves nothing.
"""

from __future__ import annotations

import os
import uuid
from importlib import import_module
from typing import TYPE_CHECKING, Any

from clients.kafka.transactions import Transactions
from streams.transport.drain import Drain
from streams.transport.lease import Lease
from streams.transport.ledger import Ledger
from tests.faults.lanes import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faust.types import TP

    from schemas.config import KafkaConfig
    from streams.transport import Chunk
    from streams.transport.held import Held


def acknowledge_early() -> None:
    """A record is reported when it is taken, not when it is delivered."""
    take = Lanes.take

    async def early(self: Lanes, chunk: Chunk) -> None:
        async with chunk.lease.work():
            for record in chunk.records:
                chunk.lease.done(record.offset)
        await take(self, chunk)

    Lanes.take = early  # type: ignore[method-assign]


def commit_last_plus_one() -> None:
    """The commit follows the last record handed out, not the first unfinished one."""
    committable = Ledger.committable

    def last(self: Ledger) -> int | None:
        position = committable(self)
        return self._delivered[-1][0] + 1 if self._delivered else position

    Ledger.committable = last  # type: ignore[method-assign]


def skip_drain() -> None:
    """A revocation neither waits for begun work nor ends it."""
    Lease.wait_idle = lambda *_: True  # type: ignore[method-assign]
    Lease.cancel = lambda *_: None  # type: ignore[method-assign]


def no_generation_check() -> None:
    """A lease of an old assignment still lets work begin."""
    Lease._closed = property(lambda _: False, lambda *_: None)  # type: ignore[assignment]


def commit_before_changelog() -> None:
    """A report does not wait until what was written under its event is stored."""
    Lease.owe = lambda *_: 0  # type: ignore[method-assign]
    Lease.pay = lambda *_: None  # type: ignore[method-assign]


def endless_drain() -> None:
    """A drain waits until begun work has ended, however long that takes."""
    finish = Drain.finish

    def patiently(self: Drain, leaving: Mapping[TP, Held], meanwhile: Callable[[], None]) -> None:
        self._seconds = 86_400.0
        finish(self, leaving, meanwhile)

    Drain.finish = patiently  # type: ignore[method-assign]


def never_fence() -> None:
    """Who takes over a partition opens another transactional id than its former owner."""
    begin = Transactions.__init__

    def apart(self: Transactions, config: KafkaConfig, *, transactional_id: str, **given: Any) -> None:
        begin(self, config, transactional_id=f"{transactional_id}-{uuid.uuid4()}", **given)

    Transactions.__init__ = apart  # type: ignore[method-assign]


MUTANTS = {
    "acknowledge-early": acknowledge_early,
    "commit-last-plus-one": commit_last_plus_one,
    "skip-drain": skip_drain,
    "no-generation-check": no_generation_check,
    "commit-before-changelog": commit_before_changelog,
    "endless-drain": endless_drain,
    "never-fence": never_fence,
}

if __name__ == "__main__":
    MUTANTS[os.environ["MUTANT"]]()
    import_module(os.environ["PROGRAM"]).main()
