"""``reflexarc`` with one guarantee switched off, or standing still where a kill hits work in flight, or both.

A fault test that stays green under its mutant proves nothing, nor does one whose kill comes a moment too early or too
late. The environment variables MUTANT and HALT name one of ``MUTANTS`` and ``HALTS``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from clients.kafka.transactional import TransactionalProducer
from ingest.vcenter.position.deduplicator import Deduplicator
from ingest.vcenter.publishing.transaction import Transaction
from ingest.vcenter.sharing.membership import Membership
from ingest.vcenter.sharing.ownership import Ownership
from ops.cli import main
from schemas.errors import Unreachable
from streams.analytics.counts import Counts
from streams.delivery.agent import Delivery
from streams.routing.router import Router
from streams.throttling.throttling import Throttled, Throttling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from confluent_kafka import TopicPartition

    from clients.kafka.record import Outgoing, Position
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ingest.vcenter.sharing.membership import Claim
    from streams.analytics.book import Counted
    from streams.throttling.share import Share
    from streams.throttling.step import Step
    from streams.transport import Chunk


def deliver_reports_early() -> None:
    """Delivery calls a chunk done when it gets it, not when the sink has it."""
    deliver = Delivery.deliver

    async def early(self: Delivery, chunk: Chunk) -> None:
        for record in chunk.records:
            chunk.lease.done(record.offset)
        await deliver(self, chunk)

    Delivery.deliver = early  # type: ignore[method-assign]


def router_reports_early() -> None:
    """The router calls a chunk done when it gets it, not when the broker has what it became."""
    route = Router.route

    async def early(self: Router, chunk: Chunk) -> None:
        for record in chunk.records:
            chunk.lease.done(record.offset)
        await route(self, chunk)

    Router.route = early  # type: ignore[method-assign]


def router_forgets_what_the_broker_did_not_take() -> None:
    """A publish that was not confirmed in time counts as one that was."""
    publish = Router._publish

    async def forget(self: Router, outgoing: list[Outgoing]) -> None:
        with suppress(Unreachable):
            await publish(self, outgoing)

    Router._publish = forget  # type: ignore[method-assign]


def throttle_reports_early() -> None:
    """A throttle calls a chunk done when it gets it, not when what stands for its events is stored."""
    handle = Throttling.handle

    async def early(self: Throttling, route: Throttled, chunk: Chunk) -> None:
        async with chunk.lease.work():
            chunk.lease.done_all([record.offset for record in chunk.records])
        await handle(self, route, chunk)

    Throttling.handle = early  # type: ignore[method-assign]


def counts_stay_in_memory() -> None:
    """What is counted is not stored before it is reported, only when its window is closed."""

    def forget(self: Counts, number: int, tallies: Iterable[Counted]) -> None:
        """Nothing happens."""

    Counts.keep = forget  # type: ignore[method-assign]


def ingest_commits_the_checkpoint_outside() -> None:
    """A checkpoint has a transaction of its own, before that of its events."""
    commit = Transaction.commit

    def apart(self: Transaction, records: Sequence[Outgoing], claim: Claim | None = None) -> None:
        for ours in (True, False):
            some = [record for record in records if record.topic.endswith(".checkpoints") is ours]
            if some:
                commit(self, some, claim)

    Transaction.commit = apart  # type: ignore[method-assign]


def ingest_forgets_seen_keys() -> None:
    """A new process reads the look-back window again and does not know which of its events it has."""
    remember = Deduplicator.__init__

    def forget(self: Deduplicator, checkpoint: Checkpoint) -> None:
        remember(self, replace(checkpoint, seen=()))

    Deduplicator.__init__ = forget  # type: ignore[method-assign]


class LateClaim:
    """What a member has to show, found out when it is asked for: the group is served until it says something."""

    def __init__(self, membership: Membership, shards: Collection[int], offsets: tuple[TopicPartition, ...]) -> None:
        self._membership = membership
        self._shards = shards
        self._begun = monotonic()
        self.offsets = offsets

    @property
    def group(self) -> object:
        slept = monotonic() - self._begun
        deadline = monotonic() + min(slept, 2.0)
        claim = None
        while monotonic() < deadline or not self._membership.joined or claim is None:
            self._membership.poll(0.01)
            claim = CAPTURE(self._membership, self._shards)
        return claim.group


CAPTURE = Membership.claim


def ingest_claims_at_the_commit() -> None:
    """Group metadata is fetched when a transaction is committed, not before it begins."""

    def late(self: Membership, shards: Collection[int]) -> object:
        claim = CAPTURE(self, shards)
        return claim and LateClaim(self, shards, claim.offsets)

    Membership.claim = late  # type: ignore[method-assign,assignment]


def ingest_keeps_what_is_revoked() -> None:
    """A process goes on with the vCenters of shards that the group has given to another."""

    def keep(self: Ownership, shards: Collection[int]) -> None:
        """Nothing happens."""

    Ownership.lose = keep  # type: ignore[method-assign]


MUTANTS = {
    "ingest-keeps-revoked": ingest_keeps_what_is_revoked,
    "ingest-claims-at-commit": ingest_claims_at_the_commit,
    "ingest-checkpoint-outside": ingest_commits_the_checkpoint_outside,
    "ingest-forgets-seen-keys": ingest_forgets_seen_keys,
    "deliver-reports-early": deliver_reports_early,
    "router-reports-early": router_reports_early,
    "throttle-reports-early": throttle_reports_early,
    "counts-stay-in-memory": counts_stay_in_memory,
    "router-forgets": router_forgets_what_the_broker_did_not_take,
}


def ingest_halts_in_a_transaction() -> None:
    """The process stops, as by SIGSTOP, when the brokers have all of its fifth batch of events, before the commit."""
    write, left = TransactionalProducer.write, iter(range(4, -1, -1))

    def halt(self: TransactionalProducer, records: Sequence[Outgoing]) -> list[Position]:
        positions = write(self, records)
        if any(("ce_subject", b"GeneralUserEvent") in record.headers for record in records) and next(left, None) == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        return positions

    TransactionalProducer.write = halt  # type: ignore[method-assign]


def ingest_halts_before_a_transaction() -> None:
    """The process stops, as by SIGSTOP, with a claim in its hand, when its fifth batch of events is to be written."""
    write, left = TransactionalProducer.write, iter(range(4, -1, -1))

    def halt(self: TransactionalProducer, records: Sequence[Outgoing]) -> list[Position]:
        if any(("ce_subject", b"GeneralUserEvent") in record.headers for record in records) and next(left, None) == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        return write(self, records)

    TransactionalProducer.write = halt  # type: ignore[method-assign]


def router_holds_a_chunk() -> None:
    """The third publish never begins; says on standard error which record of the events topic it ends with."""
    publish, left = Router._publish, iter((2, 1, 0))

    async def hold(self: Router, outgoing: list[Outgoing]) -> None:
        if next(left, None) == 0:
            origin = dict(outgoing[-1].headers)["reflexarc_origin"] or b""
            sys.stderr.write(f"\nholding {origin.decode()}\n")
            sys.stderr.flush()
            await asyncio.Event().wait()
        await publish(self, outgoing)

    Router._publish = hold  # type: ignore[method-assign]


def throttle_tells_what_it_holds() -> None:
    """The throttle says on standard error how many events it holds back, and lets none of them pass."""
    carry_out, held = Throttling._carry_out, 0

    async def tell(self: Throttling, route: Throttled, share: Share, steps: Sequence[Step]) -> None:
        nonlocal held
        if any(step.passes for step in steps):
            await asyncio.Event().wait()
        await carry_out(self, route, share, steps)
        held += sum(step.held for step in steps)
        sys.stderr.write(f"\nholding {held} back\n")
        sys.stderr.flush()

    Throttling._carry_out = tell  # type: ignore[method-assign]


def throttle_passes_and_stops() -> None:
    """The throttle stands still when the brokers have what passes, before that is remembered; it says so."""
    publish = Throttling._publish

    async def stop(self: Throttling, outgoing: Sequence[Outgoing]) -> None:
        await publish(self, outgoing)
        if outgoing:
            sys.stderr.write("\npassed some\n")
            sys.stderr.flush()
            await asyncio.Event().wait()

    Throttling._publish = stop  # type: ignore[method-assign]


HALTS = {
    "ingest-before-transaction": ingest_halts_before_a_transaction,
    "ingest-in-transaction": ingest_halts_in_a_transaction,
    "router-before-publish": router_holds_a_chunk,
    "throttle-holds": throttle_tells_what_it_holds,
    "throttle-passes": throttle_passes_and_stops,
}

if __name__ == "__main__":
    for table, name in ((MUTANTS, os.environ.get("MUTANT")), (HALTS, os.environ.get("HALT"))):
        if name:
            table[name]()
    main()
