"""Following one vCenter's inventory, through every fault: everything first, then what changes.

What is written is always what differs between the vCenter and the topic; so a reading of everything, at the start,
after a fault and now and then, also withdraws what has vanished unseen.
"""

from __future__ import annotations

import logging
from contextlib import closing
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from clients.vsphere.properties import read
from clients.vsphere.session import Session
from clients.vsphere.tagging import Tagging
from ingest.inventory import metrics
from ingest.inventory.outlet import OutletClosedError
from ingest.inventory.tags import Tags
from ingest.inventory.tree import Tree
from ingest.inventory.watch import Watch, moref
from ingest.metrics import LOGINS
from ingest.vcenter.tailing.patience import Patience
from schemas import inventory
from schemas.errors import ReflexarcError, Refused
from schemas.inventory import Heartbeat, InvalidInventory

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from clients.vsphere.logins import Logins
    from ingest.inventory.ledger import Ledger
    from ingest.inventory.outlet import Outlet
    from ingest.inventory.tags import Pairs
    from schemas.config import IngestInventoryConfig, VcenterConfig
    from schemas.inventory import EntityRecord

WAIT: Final = 2
"""Seconds that the vCenter may wait for a change before it answers; a request to stop waits as long."""

HEARTBEAT: Final = 30.0
"""Seconds from one heartbeat to the next."""

BATCH: Final = 1000
"""Records written at once."""

log = logging.getLogger(__name__)


class Follower:
    """One vCenter, followed until asked to stop; its ``run`` is a thread's.

    Args:
        config: the vCenter.
        settings: how often what is not reported is read again.
        topic: name of the topic.
        ledger: what stands there of this vCenter.
        outlet: takes records.
        logins: shared by all followers of the process.
    """

    def __init__(
        self,
        config: VcenterConfig,
        settings: IngestInventoryConfig,
        *,
        topic: str,
        ledger: Ledger,
        outlet: Outlet,
        logins: Logins,
    ) -> None:
        self.name = config.name
        self.current = False
        """Whether all that the vCenter has is in the topic, and its changes are followed."""
        self._config = config
        self._settings = settings
        self._topic = topic
        self._ledger = ledger
        self._outlet = outlet
        self._logins = logins
        self._patience = Patience(config.name)
        self._tag_patience = Patience(config.name)
        self._tag_reader = Tags(Tagging(config, logins))
        self._tags: Mapping[str, Pairs] = {}
        self._tags_as_of: datetime | None = None
        self._tags_due = self._beat_due = -float("inf")
        self._unfit: set[str] = set()
        self._fields_unreadable = False
        metrics.UP.labels(vcenter=self.name).set(0)

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop``; whatever goes wrong is said, rested for and tried again."""
        while not stop.is_set():
            try:
                with closing(self._session()) as session:
                    while not stop.is_set():
                        self.follow(session, stop)
            except OutletClosedError:
                break
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a vCenter does
                self._interrupted()
                stop.wait(self._patience.rest(error))
        self._interrupted()
        self._tag_reader.close()

    def follow(self, session: Session, stop: threading.Event) -> None:
        """Read everything, then follow until ``stop`` or until it is time to read everything again.

        Raises:
            OutletClosedError: asked to stop while Kafka was away.
            ReflexarcError: the session is of no use any more.
        """
        tree = Tree(moref(session.content.rootFolder))
        end = monotonic() + self._settings.full_every
        whole = False
        with closing(Watch(session)) as watch:
            self._name_fields(session, tree)
            while not stop.is_set() and not (whole and monotonic() > end):
                asked = inventory.now()
                update = watch.read(WAIT)
                if update is not None:
                    metrics.UPDATES.labels(vcenter=self.name).inc(len(update.changes))
                    tree.apply(update.changes, complete=update.complete)
                if tree.partial:
                    continue
                if not len(tree):
                    raise _nothing_seen(self.name)
                self._complement(session, tree)
                changed = self._write(tree, tree.touched() | (set() if whole else self._ledger.morefs()))
                if not whole:
                    whole = True
                    self._completed(len(tree), changed)
                self._beat(len(tree), asked)

    def _session(self) -> Session:
        session = Session(self._config, self._logins)
        try:
            session.connect()
            session.login()
        except BaseException:
            LOGINS.labels(vcenter=self.name, outcome="failed").inc()
            session.close()
            raise
        LOGINS.labels(vcenter=self.name, outcome="ok").inc()
        return session

    def _complement(self, session: Session, tree: Tree) -> None:
        """Give the tree what the vCenter does not report by itself."""
        due = monotonic() >= self._tags_due
        if due:
            self._read_tags()
        if due or tree.unnamed_fields():
            self._name_fields(session, tree)
        tree.tag(self._tags)

    def _read_tags(self) -> None:
        asked, pause = inventory.now(), self._settings.tags_every
        try:
            self._tags = self._tag_reader.read()
        except ReflexarcError as error:
            pause = max(pause, self._tag_patience.rest(error))
        else:
            self._tags_as_of = asked
            self._tag_patience.restore()
            metrics.TAGS.labels(vcenter=self.name).set(asked.timestamp())
        self._tags_due = monotonic() + pause

    def _name_fields(self, session: Session, tree: Tree) -> None:
        manager = session.content.customFieldsManager
        try:
            defined = read(session, manager, ["field"]).get("field", ()) if manager else ()
        except (AttributeError, KeyError, TypeError) as error:  # pyvmomi, when it does not know a definition
            if not self._fields_unreadable:
                log.warning("vCenter %s: custom attributes are not told, their definitions: %s", self.name, error)
            self._fields_unreadable = True
            return
        self._fields_unreadable = False
        tree.name_fields({int(each.key): str(each.name) for each in defined})

    def _write(self, tree: Tree, morefs: Collection[str]) -> int:
        """Bring the topic up to date about some entities; how many records that took."""
        read_at, count, rest = inventory.now(), 0, iter(sorted(morefs))
        while batch := list(islice(rest, BATCH)):
            changed = [
                (each, record, outgoing)
                for each in batch
                for record, outgoing in (self._outgoing(tree, each, read_at),)
                if outgoing is not None
            ]
            self._outlet.write([outgoing for _, _, outgoing in changed])
            for each, record, _ in changed:
                self._ledger.stored(each, record)
                kind = "tombstone" if record is None else "entity"
                metrics.PUBLISHED.labels(vcenter=self.name, kind=kind).inc()
            count += len(changed)
        return count

    def _outgoing(self, tree: Tree, each: str, read_at: datetime) -> tuple[EntityRecord | None, Outgoing | None]:
        try:
            record = tree.record(each, read_at)
            return record, self._ledger.outgoing(each, record)
        except InvalidInventory as error:
            if each not in self._unfit:
                self._unfit.add(each)
                log.warning("vCenter %s: %s is not told: %s", self.name, each, error)
            return None, self._ledger.outgoing(each, None)

    def _completed(self, entities: int, changed: int) -> None:
        metrics.FULL_READS.labels(vcenter=self.name).inc()
        metrics.UP.labels(vcenter=self.name).set(1)
        self._patience.restore()
        self._beat_due = -float("inf")
        if not self.current or changed:
            log.info("vCenter %s: the inventory is current, %d entities, %d written", self.name, entities, changed)
        self.current = True

    def _beat(self, entities: int, asked: datetime) -> None:
        metrics.ENTITIES.labels(vcenter=self.name).set(entities)
        if monotonic() < self._beat_due:
            return
        heartbeat = Heartbeat(complete_as_of=asked, tags_as_of=self._tags_as_of, entities=entities)
        self._outlet.write([Outgoing(self._topic, heartbeat.encode(), inventory.key(self.name).encode())])
        self._beat_due = monotonic() + HEARTBEAT
        metrics.COMPLETE.labels(vcenter=self.name).set(asked.timestamp())

    def _interrupted(self) -> None:
        self.current = False
        metrics.UP.labels(vcenter=self.name).set(0)


def _nothing_seen(vcenter: str) -> Refused:
    return Refused(
        f"vCenter {vcenter} shows nothing of its inventory to the account",
        cure=f"give the user of vcenters.{vcenter} the read-only role at the root, with propagation",
    )
