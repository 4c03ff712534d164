"""A recording into Kafka, on the way that a vCenter's events take: tail, handover, committer."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from clients.kafka import admin
from clients.kafka.errors import Fenced
from clients.kafka.transactional import AbortedError, BrokenError
from ingest.metrics import DUPLICATES
from ingest.vcenter.instant import EPOCH, LAST
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.restore import restore
from ingest.vcenter.publishing.committer import Committer
from ingest.vcenter.publishing.handover import Handover
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.publishing.transaction import Transaction
from ingest.vcenter.recording.feed import Recording
from ingest.vcenter.recording.pages import header
from ingest.vcenter.sharing import absence
from ingest.vcenter.tailing.tail import Tail
from schemas import topics
from schemas.config import VcenterConfig
from schemas.config.vcenter import RECORDED
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.vcenter.publishing.handover import Chunk
    from schemas.config import Config

LOOK: Final = 0.2
"""Seconds between two looks whether the recording has ended."""

BATCH: Final = 1 << 20
"""Bytes of a transaction after which nothing more is waited for."""

PAUSE: Final = 0.5
"""Seconds between two attempts at a transaction that is undone."""

AGAIN: Final = "play it again: what has been committed is left out"

PAGE: Final = 500
PORTIONS: Final = 4
"""Portions per second, when there is a rate."""

log = logging.getLogger(__name__)


class Player:
    """Plays one recording under the name of one vCenter, once.

    Its transactional id is its own for each name: it disturbs no ``ingest vcenter``, and ends who plays under the same
    name meanwhile.

    Args:
        config: the whole configuration.
        path: of the recording.
        name: of the vCenter, in ids and checkpoint.
        again: publish what has been published before once more, with the same ids.
        rate: most events per second; None for as many as go.
        stop: set it to end before the recording does.

    Raises:
        Refused: nobody can play under that name.
    """

    def __init__(
        self, config: Config, path: Path, *, name: str, again: bool, rate: float | None, stop: threading.Event
    ) -> None:
        known = config.vcenters.get(name)
        if known is not None and known.recording is None:
            raise Refused(
                f"{name} is a vCenter that is followed, and what is played would be taken for its events",
                cure="play under another name: --as",
            )
        named = {topic.name: topic for topic in topics.table(config)}
        self._is_configured = known is not None
        self._kafka = config.kafka
        self._events = named[topics.events(config.kafka.prefix)]
        self._checkpoints = named[topics.checkpoints(config.kafka.prefix)]
        self._dead_letters = named[topics.dead_letter(config.kafka.prefix, topics.UNDECODABLE)]
        self._path = path
        self._vcenter = _vcenter(name, path, rate)
        self._again = again
        self._rate = rate
        self._stop = stop

    def run(self) -> None:
        """Play until the recording has ended and everything is committed, or until ``stop``.

        Raises:
            Refused: the file is damaged, or of another server than what was played under this name before; an ingest
                is running that may follow this name; topics endanger a promise, or an ACL is missing.
            Unreachable: asked to stop while Kafka was away.
        """
        try:
            admin.wait_for_broker(self._kafka, report=log.warning, stopped=self._stop.is_set)
        except admin.Stopped:
            return
        if self._is_configured:
            instead = "play under another name (--as), or stop every `ingest vcenter` and wait 10 s"
            absence.ensure(self._kafka, cure=f"{self._vcenter.name} is configured: {instead}")
        admin.verify(self._kafka, (self._events, self._checkpoints, self._dead_letters), report=log.warning)
        committer = Committer(self._open_producer, checkpoints=self._checkpoints, dead_letters=self._dead_letters)
        # Its clock stands at the end: it is read on behind the checkpoint, as a log whose events are all in the past.
        with closing(committer), closing(Recording(self._vcenter.name, self._path, clock=LAST)) as feed:
            self._play(feed, committer)

    def _play(self, feed: Recording, committer: Committer) -> None:
        handover, done = Handover(), threading.Event()
        lane = handover.lane()
        recorder = Recorder(self._vcenter, events=self._events, dead_letters=self._dead_letters)
        tail = Tail(self._vcenter, lambda: feed, self._checkpoint(), recorder=recorder, handover=lane)
        began, played = monotonic(), 0
        with ThreadPoolExecutor(1, thread_name_prefix=f"tail-{tail.name}") as thread:
            reading = thread.submit(tail.follow, feed, done)
            try:
                while True:
                    has_ended = reading.done()
                    chunks = handover.gather(wait=LOOK, linger=0.0, limit=BATCH)
                    if chunks:
                        self._commit(committer, chunks)
                        handover.settle()
                        played += sum(len(chunk.records) for chunk in chunks)
                        self._keep_pace(began, played)
                    elif has_ended:
                        reading.result()
                        return
                    if feed.ended or self._stop.is_set():
                        done.set()
            finally:
                done.set()
                lane.close()
                DUPLICATES.labels(tail.name).inc(feed.passed_over)

    def _commit(self, committer: Committer, chunks: Sequence[Chunk]) -> None:
        while True:
            try:
                committer.commit(chunks)
            except AbortedError as aborted:
                log.warning("transaction undone, writing it again: %s", aborted)
                if self._stop.wait(PAUSE):
                    raise Unreachable("stopped before Kafka had taken what was read", cure=AGAIN) from aborted
            except (BrokenError, Fenced) as broken:
                raise Unreachable(broken.message, cure=AGAIN) from broken
            else:
                return

    def _checkpoint(self) -> Checkpoint:
        known = None if self._again else restore(self._kafka).get(self._vcenter.name)
        return known or Checkpoint.first(self._vcenter.name, header(self._path).instance_uuid, EPOCH)

    def _keep_pace(self, began: float, played: int) -> None:
        if self._rate is not None:
            self._stop.wait(max(0.0, began + played / self._rate - monotonic()))

    def _open_producer(self) -> Transaction:
        producer = Transaction(
            self._kafka,
            client_id=topics.INGEST_VCENTER,
            transactional_id=topics.transactional_id(
                self._kafka.prefix, topics.INGEST_VCENTER, f"play-{self._vcenter.name}"
            ),
            given_up=self._stop.is_set,
        )
        producer.open()
        return producer


def _vcenter(name: str, path: Path, rate: float | None) -> VcenterConfig:
    page = PAGE if rate is None else min(PAGE, max(1, round(rate / PORTIONS)))
    try:
        return VcenterConfig.model_validate(
            {"name": name, "url": f"{RECORDED}{path.absolute()}", "page": page, "poll": "1ms"}
        )
    except ValidationError as error:
        raise Refused(f"{name!r} cannot be the name of a vCenter", cure="play under another name: --as") from error
