"""``reflexarc`` for the fault tests of ingest: with one guarantee switched off, or standing still in a transaction.

The environment variable MUTANT names one of ``MUTANTS``. After SIGUSR1 the process stops, as by SIGSTOP, in its next
transaction with enough events in it: when the brokers have all of it, and before the commit. After SIGUSR2 that
transaction is undone there, as when a broker asks for it.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.transactional import AbortedError, TransactionalProducer
from ingest.vcenter.position import deduplicator
from ingest.vcenter.position.deduplicator import Deduplicator
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.publishing.transaction import Transaction
from ops.cli import main
from schemas.errors import Unreachable
from tests.e2e.mutants import ingest_commits_the_checkpoint_outside, ingest_forgets_seen_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing, Position
    from ingest.vcenter.event import VcenterEvent

ENOUGH: Final = 5
"""Events in a transaction that is worth stopping in; a log-in alone is not."""


def ignores_lower_keys() -> None:
    """Only a key above all others is new."""
    take = Deduplicator.take

    def above(self: Deduplicator, event: VcenterEvent) -> bool:
        return (self.last_key is None or event.key > self.last_key) and take(self, event)

    Deduplicator.take = above  # type: ignore[method-assign]


def sees_no_new_incarnation() -> None:
    """Keys that start anew are taken for known ones."""
    vars(deduplicator)["is_reborn"] = lambda *_, **__: False
    Deduplicator.rejoin = lambda *_: True  # type: ignore[method-assign]


def drops_what_was_undone() -> None:
    """A transaction that was undone is not written again."""
    commit = Transaction.commit

    def once(self: Transaction, *given: Any) -> None:
        with suppress(AbortedError):
            commit(self, *given)

    Transaction.commit = once  # type: ignore[assignment, method-assign]


def keeps_every_event() -> None:
    """Memory holds on to what has become a record."""
    record, kept = Recorder.record, list[bytes]()

    def keep(self: Recorder, event: VcenterEvent, *, incarnation: int, api_version: str) -> Outgoing:
        kept.append(event.data)
        return record(self, event, incarnation=incarnation, api_version=api_version)

    Recorder.record = keep  # type: ignore[method-assign]


MUTANTS: Final = {
    "keeps-every-event": keeps_every_event,
    "checkpoint-outside": ingest_commits_the_checkpoint_outside,
    "forgets-seen-keys": ingest_forgets_seen_keys,
    "ignores-lower-keys": ignores_lower_keys,
    "sees-no-new-incarnation": sees_no_new_incarnation,
    "drops-what-was-undone": drops_what_was_undone,
}


def obey_signals() -> None:
    """Stop in a transaction, or undo it, when asked to."""
    write, asked = TransactionalProducer.write, SimpleQueue[int]()
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, lambda number, _: asked.put(number))

    def obey(self: TransactionalProducer, records: Sequence[Outgoing]) -> list[Position]:
        positions = write(self, records)
        if asked.empty() or sum(record.topic.endswith(".events") for record in records) < ENOUGH:
            return positions
        if asked.get() == signal.SIGUSR1:
            os.kill(os.getpid(), signal.SIGSTOP)
            return positions
        self.abort()
        raise AbortedError(Unreachable("undone by the test"))

    TransactionalProducer.write = obey  # type: ignore[method-assign]


if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    obey_signals()
    main()
