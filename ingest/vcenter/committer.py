"""Events and checkpoints into Kafka, together and exactly once.

A transaction that is undone is written again from memory: re-reading the vCenter would depend on a log that forgets.
A process that dies loses its memory, but the checkpoint in Kafka says where the next one has to read from.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from itertools import islice
from time import sleep
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from ingest.metrics import DEAD_LETTERS, EVENTS, LAG, TRANSACTIONS
from ingest.vcenter import canary
from ingest.vcenter.deadletter import dead_letter
from ingest.vcenter.transaction import AbortedError, BrokenError
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ingest.vcenter.checkpoint import Checkpoint
    from ingest.vcenter.handover import Chunk
    from ingest.vcenter.transaction import TransactionalProducer
    from schemas.topics import Topic

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
"""Seconds; so long it may go unseen that the process is to stop."""

log = logging.getLogger(__name__)


class Committer:
    """Commits chunks. For one thread.

    Args:
        connect: opens a producer, which undoes what older ones had begun.
        restore: the checkpoints that are committed.
        checkpoints: topic of the checkpoints.
        dead_letters: topic of records that Kafka will not take.
        given_up: asked after every attempt that failed; true ends the attempts.
    """

    def __init__(
        self,
        connect: Callable[[], TransactionalProducer],
        restore: Callable[[], Mapping[str, Checkpoint]],
        *,
        checkpoints: Topic,
        dead_letters: Topic,
        given_up: Callable[[], bool],
    ) -> None:
        self._connect = connect
        self._restore = restore
        self._producer = connect()
        self._checkpoints = checkpoints
        self._dead_letters = dead_letters
        self._given_up = given_up

    def commit(self, chunks: Sequence[Chunk]) -> None:
        """Commit all chunks in one transaction; returns when it is certain.

        Raises:
            Refused: another process has taken over, an ACL or a topic is missing, or Kafka rejects a checkpoint or
                a dead letter, which nothing may take the place of.
            Unreachable: given up; what is not committed is read again by the next process.
        """
        last = {chunk.vcenter: chunk.checkpoint for chunk in chunks}
        positions = [
            Outgoing(self._checkpoints.name, checkpoint.dumps(), vcenter.encode())
            for vcenter, checkpoint in last.items()
        ]
        records = [record for chunk in chunks for record in chunk.records]
        pause = FIRST_PAUSE
        rejected = False
        while True:
            try:
                records = self._acceptable(records, positions) if rejected else records
                self._producer.commit([*records, *positions])
            except AbortedError as aborted:
                TRANSACTIONS.labels(outcome="aborted").inc()
                if isinstance(aborted.cause, Refused):
                    raise aborted.cause from aborted
                log.warning("transaction undone, writing it again: %s", aborted)
                rejected = aborted.rejected
            except BrokenError as broken:
                TRANSACTIONS.labels(outcome="unknown").inc()
                log.warning("transaction of unknown outcome, looking at what is committed: %s", broken)
                if self._was_committed(last):
                    break
            else:
                TRANSACTIONS.labels(outcome="committed").inc()
                break
            if self._given_up():
                raise Unreachable("stopped before Kafka had taken what was read; it is read again next time")
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._count(chunks, records)

    def close(self) -> None:
        """Undo what is open and disconnect."""
        self._producer.close()

    def _was_committed(self, wanted: Mapping[str, Checkpoint]) -> bool:
        """Whether the last transaction came through after all, as a new producer finds once the old one is fenced."""
        self._producer.close()
        self._producer = self._connect()
        found = self._restore()
        return all(found.get(vcenter) == checkpoint for vcenter, checkpoint in wanted.items())

    def _acceptable(self, records: Sequence[Outgoing], positions: Sequence[Outgoing]) -> list[Outgoing]:
        """The records that may be committed with these checkpoints."""
        if self._producer.would_reject(positions):
            raise _stuck(max(positions, key=lambda position: position.size), "checkpoint")
        return self._without_rejected(records)

    def _without_rejected(self, records: Sequence[Outgoing]) -> list[Outgoing]:
        """The same records, each one that Kafka refuses replaced by its dead letter; found by halving."""
        if not records or not self._producer.would_reject(records):
            return list(records)
        if len(records) > 1:
            middle = len(records) // 2
            return [*self._without_rejected(records[:middle]), *self._without_rejected(records[middle:])]
        (record,) = records
        if record.topic == self._dead_letters.name:
            raise _stuck(record, "dead letter")
        origin = (dict(record.headers).get("ce_id") or b"").decode()
        reason = f"{record.topic} refuses this record of {record.size} bytes"
        log.error("%s: %s; kept as a dead letter", origin, reason)
        return [dead_letter(record, topic=self._dead_letters, reason=reason, origin=origin)]

    def _count(self, chunks: Sequence[Chunk], written: Sequence[Outgoing]) -> None:
        """Count what was written for each chunk: one record for each of its own, in the same order."""
        now = datetime.now(UTC)
        rest = iter(written)
        for chunk in chunks:
            dead = sum(record.topic == self._dead_letters.name for record in islice(rest, len(chunk.records)))
            DEAD_LETTERS.labels(vcenter=chunk.vcenter).inc(dead)
            EVENTS.labels(vcenter=chunk.vcenter).inc(len(chunk.records) - dead)
            canary.arrived(chunk.vcenter, chunk.canary)
            if chunk.newest is not None:
                LAG.labels(vcenter=chunk.vcenter).set(max(0.0, (now - chunk.newest).total_seconds()))


def _stuck(record: Outgoing, what: str) -> Refused:
    return Refused(
        f"{record.topic} refuses a {what} of {record.size} bytes",
        cure="give it the settings that `reflexarc topics create --print` lists",
    )
