"""The process: a member of the group, a tail for each vCenter that falls to it, one committer for all of them."""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from clients.kafka import admin
from clients.vsphere.logins import Logins
from ingest.vcenter.feeds import eventtypes
from ingest.vcenter.feeds.expiry import Expiry
from ingest.vcenter.feeds.live import LiveFeed
from ingest.vcenter.feeds.sessions import OwnSessions
from ingest.vcenter.position import origins
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.trace import Trace
from ingest.vcenter.publishing.committer import Committer
from ingest.vcenter.publishing.cycle import Cycle
from ingest.vcenter.publishing.handover import Handover
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.publishing.transaction import Transaction
from ingest.vcenter.recording.feed import Recording
from ingest.vcenter.sharing.membership import Membership
from ingest.vcenter.sharing.ownership import Ownership
from ingest.vcenter.sharing.tails import Tails
from ingest.vcenter.sharing.takeover import TakeOver
from ingest.vcenter.tailing.losses import Losses
from ingest.vcenter.tailing.tail import Tail
from schemas import topics
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Mapping

    from ingest.vcenter.feeds.feed import Feed
    from ingest.vcenter.position.origins import Origin
    from ingest.vcenter.publishing.handover import Lane
    from schemas.config import Config, VcenterConfig

END: Final = 0.2
"""Seconds to wait for each thread that is told to end; what it has read is read again by the next one."""

DRAIN: Final = 10.0
"""Seconds after the request to stop in which what was read is committed."""

log = logging.getLogger(__name__)


class Service:
    """One process of the vCenter ingest of an installation; any number share its vCenters.

    Args:
        config: the whole configuration.
        only: names of the vCenters to follow; all of them when empty.
        accept_identity: names of those that may be another server than before, as long as this process runs.
        instance: the name of this process among its like, kept over restarts; None for one that has no name.
        stop: set it to end the service.

    Raises:
        ConfigError: a name is not configured, or there is no vCenter at all.
    """

    def __init__(
        self,
        config: Config,
        *,
        only: Collection[str] = (),
        accept_identity: Collection[str] = (),
        instance: str | None = None,
        stop: threading.Event,
    ) -> None:
        eventtypes.check(config.vcenters)
        self._kafka = config.kafka
        self._configured = config.vcenters
        self._vcenters = _chosen(config.vcenters, only)
        _chosen(config.vcenters, accept_identity, option="--accept-identity")
        self._accepted = frozenset(accept_identity)
        self._instance = instance
        self._id = instance or uuid4().hex
        self._stop = stop
        self._stop_seen: float | None = None
        named = {topic.name: topic for topic in topics.table(config)}
        self._events = named[topics.events(config.kafka.prefix)]
        self._checkpoints = named[topics.checkpoints(config.kafka.prefix)]
        self._assignments = named[topics.assignments(config.kafka.prefix)]
        self._dead_letters = named[topics.dead_letter(config.kafka.prefix, topics.UNDECODABLE)]
        self._feeds = _feeds(self._vcenters, Logins())
        self._sessions = {name: OwnSessions() for name in self._vcenters}
        self._losses = Losses()
        self._handover = Handover()
        self._tails = Tails(self._make_tail, self._handover)
        self._membership: Membership | None = None
        self._ownership: Ownership | None = None

    def problems(self) -> list[str]:
        """What keeps the service from its work, and what was lost; a member that has nothing to follow is ready."""
        lost = self._losses.problems()
        if self._membership is None or self._ownership is None or not self._membership.joined:
            return ["has not joined its consumer group yet", *lost]
        return [*self._ownership.problems(), *lost]

    def run(self) -> None:
        """Follow until asked to stop, then commit what was read.

        Raises:
            Refused: topics endanger a promise, an ACL is missing, or another process has come under our name.
            Unreachable: asked to stop while Kafka was away; what was not committed is read again next time.
            ReflexarcError: a vCenter is no longer followed, for a fault of ours.
        """
        if not self._kafka_is_there():
            return
        committer = Committer(
            partial(self._open_producer, self._id), checkpoints=self._checkpoints, dead_letters=self._dead_letters
        )
        try:
            self._serve(committer)
        finally:
            committer.close()

    def _serve(self, committer: Committer) -> None:
        membership = Membership(self._kafka, instance=self._instance, gained=self._gain, lost=self._lose)
        shards = membership.shards()
        self._ownership = Ownership(
            self._vcenters,
            self._configured.keys() - self._vcenters.keys(),
            shards=shards,
            take_over=TakeOver(partial(self._find, of=shards)),
            tails=self._tails,
        )
        self._membership = membership
        membership.join()
        cycle = Cycle(membership, self._ownership, self._handover, committer, given_up=self._gives_up)
        try:
            while not self._gives_up():
                if self._stop.is_set():
                    self._ownership.finish()
                ended = self._tails.ended()
                if not cycle.turn() and ended and self._stop.is_set():
                    return
            log.warning("stopped before every vCenter had answered; what is not committed is read again next time")
        finally:
            self._tails.close(END)
            membership.leave()

    def _gain(self, shards: Collection[int]) -> None:
        if self._ownership is not None:
            self._ownership.gain(shards)

    def _lose(self, shards: Collection[int]) -> None:
        if self._ownership is not None:
            self._ownership.lose(shards)

    def _find(self, shards: Collection[int], *, of: int) -> Mapping[str, Origin]:
        self._end_others()
        return origins.find(self._kafka, self._vcenters, shards, of=of, stopped=self._stop.is_set)

    def _make_tail(self, vcenter: str, origin: Origin | None, lane: Lane) -> Tail:
        config = self._vcenters[vcenter]
        return Tail(
            config,
            self._feeds[vcenter],
            origin if isinstance(origin, Checkpoint) else None,
            recorder=Recorder(config, events=self._events, dead_letters=self._dead_letters),
            handover=lane,
            trace=origin if isinstance(origin, Trace) else None,
            sessions=self._sessions[vcenter],
            accept_identity=vcenter in self._accepted,
            losses=self._losses,
        )

    def _open_producer(self, instance: str | None) -> Transaction:
        producer = Transaction(
            self._kafka,
            client_id=topics.INGEST_VCENTER,
            transactional_id=topics.transactional_id(self._kafka.prefix, topics.INGEST_VCENTER, instance),
            given_up=self._gives_up,
        )
        producer.open()
        return producer

    def _end_others(self) -> None:
        """End who writes checkpoints in no group: a `vcenter rename` under way, a process of a release up to 0.1.

        Both have the id without a name. What they had committed can be read, and nothing of theirs comes after that.
        """
        self._open_producer(None).close()

    def _kafka_is_there(self) -> bool:
        try:
            admin.wait_for_broker(self._kafka, report=log.warning, stopped=self._stop.is_set)
        except admin.Stopped:
            return False
        needed = (self._events, self._checkpoints, self._assignments, self._dead_letters)
        admin.verify(self._kafka, needed, report=log.warning)
        return True

    def _gives_up(self) -> bool:
        """Whether the time to finish is over; it begins with the first question after the request to stop."""
        if not self._stop.is_set():
            return False
        self._stop_seen = self._stop_seen or monotonic()
        return monotonic() - self._stop_seen > DRAIN


def _feeds(vcenters: Mapping[str, VcenterConfig], logins: Logins) -> dict[str, Callable[[], Feed]]:
    """What makes a feed of each: one memory of log-ins for all of them, one of what expires for each."""
    return {
        name: partial(Recording, name, config.recording)
        if config.recording
        else partial(LiveFeed, config, logins, Expiry(config))
        for name, config in vcenters.items()
    }


def _chosen(
    vcenters: Mapping[str, VcenterConfig], only: Collection[str], *, option: str = "--only"
) -> dict[str, VcenterConfig]:
    problems = [
        Problem("vcenters", f"has no {name}, which {option} names", f"known: {', '.join(vcenters) or 'none'}")
        for name in only
        if name not in vcenters
    ]
    if not vcenters:
        problems = [Problem("vcenters", "is empty", "add a vCenter to follow")]
    if problems:
        raise ConfigError("configuration", problems)
    return {name: config for name, config in vcenters.items() if not only or name in only}
