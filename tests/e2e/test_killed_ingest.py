"""SIGKILL of the vCenter ingest in open transactions: every event is on Kafka exactly once, in order."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import orjson
import pytest

from ops.demo.killed_worker import SUBJECT
from ops.demo.scene import Scene, kafka_section, read_config, vcenter_sections
from schemas import topics as names
from tests.support import topics
from tests.support.flow import MUTANTS, wait
from tests.support.generator import MACHINES, Generator
from tests.support.vcenter import OWN_SESSIONS, keys, passed_over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.demo.child import Service
    from ops.dev.component import Status

pytestmark = pytest.mark.stack

KILLS = 3
RATE = 50.0


@dataclass(frozen=True)
class Damage:
    """What became of the posted events on the events topic, as a reader of committed records sees it."""

    lost: set[str]
    doubled: set[str]
    disordered: set[bytes]


@dataclass(frozen=True)
class Events:
    """The events topic."""

    bootstrap: str
    prefix: str

    def posted(self, isolation: str = "read_committed") -> list[tuple[bytes, str]]:
        """Key and text of every posted event, partition by partition."""
        return [
            (record.key() or b"", orjson.loads(record.value() or b"")["Message"])
            for record in topics.everything(self.bootstrap, names.events(self.prefix), isolation=isolation)
            if dict(record.headers() or ())["ce_subject"] == SUBJECT.encode()
        ]

    def texts(self) -> list[str]:
        return [text for _, text in self.posted()]

    def undone(self) -> int:
        """How many posted events are in transactions that were undone, or are open."""
        return len(self.posted("read_uncommitted")) - len(self.posted())


def damage(scene: Scene, mutant: str = "") -> Damage:
    events = Events(scene.stack["kafka"].endpoint or "", scene.prefix)
    scene.write_config(
        {"kafka": kafka_section(scene.stack, scene.prefix), "vcenters": vcenter_sections(scene.stack, poll="50ms")}
    )
    scene.run("topics", "create")

    def start(halt: str = "ingest-in-transaction") -> Service:
        scene.environ = {"MUTANT": mutant, "HALT": halt}
        return scene.begin("ingest", "ingest", "vcenter", module=MUTANTS)

    ingest, undone = start(), 0
    ingest.await_ready()
    with Generator(read_config(scene).vcenters, scene.journal("generator"), rate=RATE) as generator:
        for kill in range(KILLS):
            wait_until_stopped(ingest, generator, events)
            ingest.kill()
            before, undone = undone, events.undone()
            assert undone > before, "the kill hit no transaction"
            ingest = start(halt="" if kill == KILLS - 1 else "ingest-in-transaction")
        ingest.await_ready()
        generator.stop()
    sent = generator.sent()
    last = {text.partition("/")[0]: text for text in sent}.values()
    wait(lambda: set(last) <= set(events.texts()))
    assert 0 == ingest.stop()
    counts = Counter(events.texts())
    assert set() == set(counts) - set(sent)
    doubled = {text for text, times in counts.items() if times > 1}
    return Damage(set(sent) - set(counts), doubled, disordered(events.posted()))


def wait_until_stopped(ingest: Service, generator: Generator, events: Events) -> None:
    def has_stopped() -> bool:
        generator.confirm(events.texts())
        return os.waitid(os.P_PID, ingest.pid, os.WSTOPPED | os.WNOHANG) is not None

    wait(has_stopped)


def disordered(posted: list[tuple[bytes, str]]) -> set[bytes]:
    """Keys with an event before an earlier one."""
    by_key: dict[bytes, list[int]] = {}
    for key, text in posted:
        by_key.setdefault(key, []).append(int(text.partition("/")[2]))
    return {key for key, numbers in by_key.items() if any(later < earlier for earlier, later in pairwise(numbers))}


@pytest.fixture
def scene(stack: Status, tmp_path: Path, prefix: str) -> Iterator[Scene]:
    with Scene(tmp_path, stack, prefix=prefix) as scene:
        yield scene


def test_every_event_is_there_once_and_in_order(scene: Scene) -> None:
    assert Damage(set(), set(), set()) == damage(scene)
    events = Events(scene.stack["kafka"].endpoint or "", scene.prefix)
    assert 2 * MACHINES == len({key for key, _ in events.posted()})
    for name in ("vc1", "vc2"):
        found = keys(events.bootstrap, scene.prefix, name)
        assert sorted({*found}) == found
        assert passed_over(read_config(scene).vcenters[name], found) <= OWN_SESSIONS


def test_a_checkpoint_that_is_committed_before_its_events_would_be_seen(scene: Scene) -> None:
    assert len(damage(scene, "ingest-checkpoint-outside").lost) > 0


def test_forgetting_which_events_were_read_would_be_seen(scene: Scene) -> None:
    assert len(damage(scene, "ingest-forgets-seen-keys").doubled) > 0
