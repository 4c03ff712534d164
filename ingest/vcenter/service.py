"""The process: one tail per vCenter, one committer for all of them."""

from __future__ import annotations

import logging
import threading
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka import admin
from clients.vsphere.logins import Logins
from ingest.vcenter import eventtypes, trace
from ingest.vcenter.committer import Committer
from ingest.vcenter.expiry import Expiry
from ingest.vcenter.handover import Handover
from ingest.vcenter.live import LiveFeed
from ingest.vcenter.recorder import Recorder
from ingest.vcenter.recording.feed import Recording
from ingest.vcenter.restore import restore
from ingest.vcenter.tail import Tail
from ingest.vcenter.transaction import TransactionalProducer
from schemas import topics
from schemas.errors import ConfigError, Problem, ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ingest.vcenter.checkpoint import Checkpoint
    from ingest.vcenter.feed import Feed
    from schemas.config import Config, VcenterConfig

LOOK: Final = 0.2
"""Seconds between two looks whether it is time to stop."""

LINGER: Final = 0.05
"""Seconds to gather other vCenters' events for one transaction: it costs the same for one event and for fifty."""

BATCH: Final = 1 << 20
"""Bytes of a transaction after which nothing more is waited for."""

DRAIN: Final = 10.0
"""Seconds after the request to stop in which what was read is committed."""

log = logging.getLogger(__name__)


class Service:
    """The vCenter ingest of one installation.

    One at a time: it opens the installation's one transactional id, which ends a service that runs elsewhere.

    Args:
        config: the whole configuration.
        only: names of the vCenters to follow; all of them when empty.
        accept_identity: names of those that may be another server than before.
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
        stop: threading.Event,
    ) -> None:
        eventtypes.check(config.vcenters)
        self._kafka = config.kafka
        self._vcenters = _chosen(config.vcenters, only)
        _chosen(config.vcenters, accept_identity, option="--accept-identity")
        self._accepted = frozenset(accept_identity)
        self._stop = stop
        self._stop_seen: float | None = None
        self._tails: Sequence[Tail] = ()
        named = {topic.name: topic for topic in topics.table(config)}
        self._events = named[topics.events(config.kafka.prefix)]
        self._checkpoints = named[topics.checkpoints(config.kafka.prefix)]
        self._dead_letters = named[topics.dead_letter(config.kafka.prefix, topics.UNDECODABLE)]

    def is_ready(self) -> bool:
        """Whether every vCenter is being followed."""
        return bool(self._tails) and all(tail.following for tail in self._tails)

    def run(self) -> None:
        """Follow until asked to stop, then commit what was read.

        Raises:
            Refused: topics endanger a promise, an ACL is missing, or another process has taken over.
            Unreachable: asked to stop while Kafka was away; what was not committed is read again next time.
            ReflexarcError: a vCenter is no longer followed, for a fault of ours.
        """
        if not self._kafka_is_there():
            return
        committer = Committer(
            self._open_producer,
            partial(restore, self._kafka),
            checkpoints=self._checkpoints,
            dead_letters=self._dead_letters,
            given_up=self._gives_up,
        )
        try:
            self._serve(committer)
        finally:
            committer.close()

    def _open_producer(self) -> TransactionalProducer:
        producer = TransactionalProducer(
            self._kafka,
            client_id=topics.INGEST_VCENTER,
            transactional_id=topics.transactional_id(self._kafka.prefix, topics.INGEST_VCENTER),
            given_up=self._gives_up,
        )
        producer.open()
        return producer

    def _serve(self, committer: Committer) -> None:
        handover = Handover(len(self._vcenters))
        self._tails = self._make_tails(restore(self._kafka), handover)
        threads = [
            threading.Thread(target=tail.run, args=(self._stop,), name=f"tail-{tail.name}", daemon=True)
            for tail in self._tails
        ]
        for thread in threads:
            thread.start()
        try:
            while not self._gives_up():
                ended = [thread.name for thread in threads if not thread.is_alive()]
                if ended and not self._stop.is_set():
                    raise ReflexarcError(f"{', '.join(ended)} ended unasked", cure="start the process again")
                chunks = handover.gather(wait=LOOK, linger=LINGER, limit=BATCH)
                if chunks:
                    committer.commit(chunks)
                    handover.settle(chunks)
                elif len(ended) == len(threads):
                    return
            log.warning("stopped before every vCenter had answered; what is not committed is read again next time")
        finally:
            self._stop.set()
            handover.close()
            for thread in threads:
                thread.join(LOOK)

    def _make_tails(self, known: Mapping[str, Checkpoint], handover: Handover) -> list[Tail]:
        logins = Logins()
        unknown = [vcenter.name for vcenter in self._vcenters if vcenter.name not in known]
        traces = trace.find(self._kafka, unknown, stopped=self._stop.is_set)
        return [
            Tail(
                vcenter,
                _feeds(vcenter, logins),
                known.get(vcenter.name),
                recorder=Recorder(vcenter, events=self._events, dead_letters=self._dead_letters),
                handover=handover,
                trace=traces.get(vcenter.name),
                accept_identity=vcenter.name in self._accepted,
            )
            for vcenter in self._vcenters
        ]

    def _kafka_is_there(self) -> bool:
        try:
            admin.wait_for_broker(self._kafka, report=log.warning, stopped=self._stop.is_set)
        except admin.Stopped:
            return False
        admin.verify(self._kafka, (self._events, self._checkpoints, self._dead_letters), report=log.warning)
        return True

    def _gives_up(self) -> bool:
        """Whether the time to finish is over; it begins with the first question after the request to stop."""
        if not self._stop.is_set():
            return False
        self._stop_seen = self._stop_seen or monotonic()
        return monotonic() - self._stop_seen > DRAIN


def _feeds(config: VcenterConfig, logins: Logins) -> Callable[[], Feed]:
    if config.recording:
        return partial(Recording, config.name, config.recording)
    return partial(LiveFeed, config, logins, Expiry(config))


def _chosen(
    vcenters: Mapping[str, VcenterConfig], only: Collection[str], *, option: str = "--only"
) -> list[VcenterConfig]:
    problems = [
        Problem("vcenters", f"has no {name}, which {option} names", f"known: {', '.join(vcenters) or 'none'}")
        for name in only
        if name not in vcenters
    ]
    if not vcenters:
        problems = [Problem("vcenters", "is empty", "add a vCenter to follow")]
    if problems:
        raise ConfigError("configuration", problems)
    return [config for name, config in vcenters.items() if not only or name in only]
