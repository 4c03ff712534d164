"""A vCenter in memory, and a tail that follows it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.instant import instant
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.tailing.tail import Tail
from tests.ingest.vcenter.events import START, event
from tests.ingest.vcenter.publishing.test_recorder import DEAD, EVENTS
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter import VcenterEvent
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ingest.vcenter.position.trace import Trace
    from ingest.vcenter.publishing.handover import Chunk
    from ingest.vcenter.tailing.losses import Losses


@dataclass
class Log:
    """A vCenter in memory: its log, its faults, and what it was asked."""

    events: list[VcenterEvent] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    unreadable: frozenset[int] = frozenset()
    invisible: frozenset[int] = frozenset()
    uuid: str = "4c"
    clock: datetime = START
    opened: int = 0
    stuck: bool = False
    begun: list[datetime] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    mute: Exception | None = None


class LogFeed:
    """A feed of a ``Log``; the contract is ``Feed``."""

    api_version = "8.0.2.0"

    @property
    def session_key(self) -> str:
        return f"session-{self._log.opened}"

    def __init__(self, log: Log) -> None:
        self._log = log
        self._found: list[VcenterEvent] = []
        self._cursor = 0

    @property
    def instance_uuid(self) -> str:
        return self._log.uuid

    def open(self) -> None:
        self._log.opened += 1

    def now(self) -> datetime:
        return self._log.clock

    def seek(self, begin: datetime) -> None:
        self._log.begun.append(begin)
        self._log.stuck = self._log.stuck and len(self._log.begun) == 1
        self._cursor = 0
        self._begin = begin

    def read(self, limit: int) -> list[VcenterEvent]:
        self._log.asked.append(limit)
        if self._log.faults:
            raise self._log.faults.pop(0)
        if self._log.stuck:
            return []
        page = self._behind()[self._cursor :][:limit]
        visible = [each for each in page if each.key not in self._log.invisible]
        if page and not visible:  # a vCenter's cursor does not move then
            return []
        self._cursor += len(page)
        if any(each.key in self._log.unreadable for each in page):
            raise Unreadable("no XML", b"<page>")
        return visible

    def latest(self) -> list[VcenterEvent]:
        if any(each.key in self._log.unreadable for each in self._behind()):
            raise Unreadable("no XML", b"<page>")
        return [each for each in self._behind() if each.key not in self._log.invisible][-500:]

    def say(self, text: str) -> None:
        if self._log.mute:
            raise self._log.mute
        self._log.said.append(text)
        key = len(self._log.events) + 1
        self._log.events.append(event(key, key, name="GeneralUserEvent", data=text.encode()))

    def close(self) -> None:
        pass

    def _behind(self) -> list[VcenterEvent]:
        return [each for each in self._log.events if instant(each.created_time) >= self._begin]


def is_notice(record: Outgoing) -> bool:
    return dict(record.headers).get("ce_type", b"").startswith(b"com.reflexarc.ingest.")


class Desk:
    """Takes chunks, and says stop once enough keys have come."""

    def __init__(self, stop: threading.Event, wanted: int) -> None:
        self.chunks: list[Chunk] = []
        self._stop = stop
        self._wanted = wanted

    def submit(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        if len(self.records) >= self._wanted:
            self._stop.set()

    @property
    def records(self) -> list[Outgoing]:
        return [record for chunk in self.chunks for record in chunk.records if not is_notice(record)]

    @property
    def notices(self) -> dict[str, dict[str, Any]]:
        """Data by id."""
        told = [record for chunk in self.chunks for record in chunk.records if is_notice(record)]
        found = {dict(record.headers)["ce_id"].decode(): orjson.loads(record.value) for record in told}
        assert len(told) == len(found)
        return found

    @property
    def ids(self) -> list[str]:
        return [dict(record.headers)["ce_id"].decode() for record in self.records if record.topic == EVENTS.name]


def follow(
    log: Log,
    wanted: int,
    *,
    checkpoint: Checkpoint | None = None,
    trace: Trace | None = None,
    accept_identity: bool = False,
    recorder: Recorder | None = None,
    losses: Losses | None = None,
    **fields: object,
) -> Desk:
    """Run a tail until so many records have come; fails after ten seconds."""
    stop = threading.Event()
    desk = Desk(stop, wanted)
    config = vcenter("vc1", poll="1ms", **fields)
    recorder = recorder or Recorder(config, events=EVENTS, dead_letters=DEAD)
    tail = Tail(
        config,
        lambda: LogFeed(log),
        checkpoint,
        recorder=recorder,
        handover=desk,
        trace=trace,
        accept_identity=accept_identity,
        losses=losses,
    )
    late = threading.Timer(10, stop.set)
    late.start()
    try:
        tail.run(stop)
        assert late.is_alive(), f"only {len(desk.records)} of {wanted} records came"
    finally:
        late.cancel()
        tail.leave()
    return desk


def ids(keys: Sequence[int], incarnation: int = 0) -> list[str]:
    return [f"vc1/{incarnation}/{key}" for key in keys]
