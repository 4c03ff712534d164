"""Events and checkpoints into Kafka, together and exactly once."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import Fenced
from clients.kafka.record import Outgoing
from clients.kafka.transactional import AbortedError, BrokenError
from ingest.metrics import DEAD_LETTERS, EVENTS, LAG, TRANSACTIONS
from ingest.vcenter.feeds import canary
from ingest.vcenter.publishing.deadletter import dead_letter
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.vcenter.publishing.handover import Chunk
    from ingest.vcenter.publishing.transaction import Transaction
    from ingest.vcenter.sharing.membership import Claim
    from schemas.topics import Topic

TRIALS: Final = 10
"""A record that is replaced by its dead letter may have hidden another one that Kafka rejects."""

log = logging.getLogger(__name__)


class Committer:
    """Commits chunks. For one thread.

    Args:
        connect: opens a producer, which undoes what older ones had begun.
        checkpoints: topic of the checkpoints.
        dead_letters: topic of records that Kafka will not take.
    """

    def __init__(self, connect: Callable[[], Transaction], *, checkpoints: Topic, dead_letters: Topic) -> None:
        self._connect = connect
        self._producer = connect()
        self._checkpoints = checkpoints
        self._dead_letters = dead_letters

    def commit(self, chunks: Sequence[Chunk], claim: Claim | None = None) -> None:
        """Commit all chunks in one transaction; returns when it is certain.

        Raises:
            AbortedError: none is committed; the same may be tried again with a new claim.
            BrokenError: it is not known whether they are committed; what is, is final by now.
            Refused: an ACL or a topic is missing, or Kafka rejects a checkpoint or a dead letter, which nothing may
                take the place of.
            Unreachable: given up.
        """
        last = {chunk.vcenter: chunk.checkpoint for chunk in chunks}
        positions = [
            Outgoing(self._checkpoints.name, checkpoint.dumps(), vcenter.encode())
            for vcenter, checkpoint in last.items()
        ]
        records = [record for chunk in chunks for record in chunk.records]
        suspected = blamed = False
        for _ in range(TRIALS):
            try:
                if suspected:
                    records, suspected = self._acceptable(records, positions), False
                self._producer.commit([*records, *positions], claim)
            except AbortedError as aborted:
                TRANSACTIONS.labels(outcome="fenced" if aborted.fenced else "aborted").inc()
                if isinstance(aborted.cause, Refused):
                    raise aborted.cause from aborted
                # Behind a rejected one Kafka may undo innocent ones, too: that is no reason to begin anew.
                if aborted.fenced or not (aborted.rejected or blamed):
                    raise
                log.warning("transaction undone, looking for the record to blame: %s", aborted)
                suspected, blamed, failure = suspected or aborted.rejected, True, aborted
            except (BrokenError, Fenced) as ended:
                # Of a fence Kafka does not say whether it means a transaction timed out. The group knows our name.
                TRANSACTIONS.labels(outcome="unknown").inc()
                self._producer.close()
                self._producer = self._connect()
                raise BrokenError(ended.message) from ended
            else:
                TRANSACTIONS.labels(outcome="committed").inc()
                self._count(chunks, records)
                return
        raise failure

    def close(self) -> None:
        """Undo what is open and disconnect."""
        self._producer.close()

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
