"""Following one vCenter's event log, through every fault, without loss or duplicate.

The tail opens feed after feed; a reading moves in it, an intake tells new from known, and the outlet hands over events
and checkpoint together.
After a fault a new feed starts a little before the last event handed over, and a deduplicator made from its checkpoint
drops what follows until then.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ingest.metrics import LOGINS
from ingest.vcenter.feeds.canary import Canary
from ingest.vcenter.feeds.clock import Clock
from ingest.vcenter.feeds.sessions import OwnSessions
from ingest.vcenter.position import resume
from ingest.vcenter.position.deduplicator import Deduplicator
from ingest.vcenter.publishing.handover import HandoverClosedError
from ingest.vcenter.tailing.followed import Followed
from ingest.vcenter.tailing.intake import Intake
from ingest.vcenter.tailing.keyless import Keyless
from ingest.vcenter.tailing.outlet import Outlet
from ingest.vcenter.tailing.patience import Patience
from ingest.vcenter.tailing.reading import Reading
from ingest.vcenter.tailing.watch import StallWatch

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from ingest.vcenter.feeds.feed import Feed
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ingest.vcenter.position.trace import Trace
    from ingest.vcenter.publishing.handover import Lane
    from ingest.vcenter.publishing.recorder import Recorder
    from ingest.vcenter.tailing.losses import Losses
    from schemas.config import VcenterConfig


class Tail:
    """One vCenter, followed until asked to stop; its ``run`` is a thread's.

    Args:
        config: the vCenter.
        connect: makes a feed that is not open yet.
        checkpoint: where the last process stood; None when nothing is stored.
        recorder: makes records of events.
        handover: takes them.
        trace: without a checkpoint, what was found of the vCenter in Kafka; None on the very first start.
        sessions: ours in this vCenter, kept beyond this tail; None when there were none before and come none after.
        accept_identity: whether another server may answer than before; once.
        losses: of the process; None where nobody asks for them.
    """

    def __init__(
        self,
        config: VcenterConfig,
        connect: Callable[[], Feed],
        checkpoint: Checkpoint | None,
        *,
        recorder: Recorder,
        handover: Lane,
        trace: Trace | None = None,
        sessions: OwnSessions | None = None,
        accept_identity: bool = False,
        losses: Losses | None = None,
    ) -> None:
        self.name = config.name
        self.following = False
        self._config = config
        self._connect = connect
        self._recorder = recorder
        self._followed = Followed(config.name, losses)
        self._outlet = Outlet(checkpoint, recorder=recorder, handover=handover, followed=self._followed)
        self._clock = Clock(self._followed.clock_is_ahead)
        self._canary = Canary(config)
        self._keyless = Keyless()
        self._trace = trace
        self._accept_identity = accept_identity
        self._sessions = sessions or OwnSessions()
        self._patience = Patience(config.name)

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop``; whatever goes wrong is said, rested for and tried again."""
        while not stop.is_set():
            try:
                with closing(self._connect()) as feed:
                    self.follow(feed, stop)
            except HandoverClosedError:
                break
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a vCenter does
                stop.wait(self._patience.rest(error))

    def leave(self) -> None:
        """This process follows it no longer: its gauges are gone, whatever its thread still waits for."""
        self._followed.ended()

    def follow(self, feed: Feed, stop: threading.Event) -> None:
        """Follow with one feed until ``stop``.

        Raises:
            HandoverClosedError: nobody commits any more.
            ReflexarcError: the feed is of no use any more; a new one goes on behind what was handed over.
        """
        self._open(feed)
        deduplicator = Deduplicator(self._position(feed))
        intake = Intake(
            self._config,
            deduplicator,
            sessions=self._sessions,
            recorder=self._recorder,
            outlet=self._outlet,
            followed=self._followed,
            clock=self._clock,
            canary=self._canary,
            keyless=self._keyless,
        )
        reading = Reading(
            self._config,
            feed,
            deduplicator,
            intake=intake,
            outlet=self._outlet,
            followed=self._followed,
            clock=self._clock,
        )
        reading.join()
        self.following = True
        try:
            self._keep_reading(feed, reading, stop)
        finally:
            self.following = False
            self._followed.interrupted()

    def _keep_reading(self, feed: Feed, reading: Reading, stop: threading.Event) -> None:
        watch = StallWatch()
        while not stop.is_set():
            self._look_after(feed)
            events = reading.step()
            self._patience.restore()
            if events:
                watch.moved()
            elif events is not None and watch.is_due():
                reading.look()
            if reading.at_end:
                stop.wait(self._config.poll)

    def _look_after(self, feed: Feed) -> None:
        """What is done between two reads."""
        self._canary.fly(feed)
        if self._clock.is_due():
            self._clock.heard(feed.now())

    def _open(self, feed: Feed) -> None:
        try:
            feed.open()
        except Exception:
            LOGINS.labels(vcenter=self.name, outcome="failed").inc()
            raise
        LOGINS.labels(vcenter=self.name, outcome="ok").inc()
        self._sessions.add(feed.session_key)

    def _position(self, feed: Feed) -> Checkpoint:
        """Where to go on in this feed; a new position is handed over before any event.

        A process that dies now does not start from a later "now", and tells nothing twice.
        """
        known = self._outlet.checkpoint
        if known is None:
            start = resume.first(self._config, self._trace, instance_uuid=feed.instance_uuid, now=feed.now())
        else:
            start = resume.again(self._config, known, instance_uuid=feed.instance_uuid, accept=self._accept_identity)
        if start.checkpoint != known:
            self._outlet.submit(start.checkpoint, notices=(start.notice,) if start.notice else ())
        self._accept_identity = False
        return start.checkpoint
