"""Two ingest processes share the vCenters; shards move, owners die and come back: every event once, in order."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import orjson
import pytest

from ops.demo.killed_worker import SUBJECT
from ops.demo.scene import Scene, kafka_section, read_config, vcenter_sections
from schemas import topics as names
from tests.support import topics
from tests.support.flow import MUTANTS, wait
from tests.support.generator import Generator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.demo.child import Service
    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

RATE = 30.0
ALIASES = "abcd"


@dataclass(frozen=True)
class Damage:
    """What became of the posted events, as a reader of committed records sees it: vCenter and text of each."""

    lost: set[tuple[str, str]]
    doubled: set[tuple[str, str]]
    disordered: set[bytes]


NONE = Damage(set(), set(), set())


class Sharing:
    """The two simulators, each of them configured under four names, and processes that follow them under load.

    Events are posted once to each simulator, and are to arrive once under each of its names.

    Args:
        scene: with the simulators.
        options: of librdkafka, on top of the scene's.
    """

    def __init__(self, scene: Scene, options: dict[str, Any]) -> None:
        self.scene = scene
        self._bootstrap = scene.stack["kafka"].endpoint or ""
        sections = vcenter_sections(scene.stack, poll="50ms")
        self.names = {simulator: [f"{simulator}{alias}" for alias in ALIASES] for simulator in sections}
        self.all = {name for names_ in self.names.values() for name in names_}
        vcenters = {name: sections[simulator] for simulator, names_ in self.names.items() for name in names_}
        kafka = kafka_section(scene.stack, scene.prefix)
        kafka["options"] |= options
        scene.write_config({"kafka": kafka, "vcenters": vcenters})
        scene.run("topics", "create")
        configured = read_config(scene).vcenters
        targets = {simulator: configured[names_[0]] for simulator, names_ in self.names.items()}
        self._generator = Generator(targets, scene.journal("generator"), rate=RATE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._generator.__exit__(*error)

    def begin(self, mutant: str = "") -> Service:
        """A process that follows all, and then the load."""
        process = self.start("one", mutant=mutant)
        process.await_ready()
        self.await_owners(process)
        self._generator.__enter__()
        self.progress(self.all)
        return process

    def start(self, instance: str, *, mutant: str = "", halt: str = "") -> Service:
        """A process of that name."""
        self.scene.environ = {"MUTANT": mutant, "HALT": halt}
        module = MUTANTS if mutant or halt else None
        return self.scene.begin(instance, "-v", "ingest", "vcenter", "--instance", instance, module=module)

    def posted(self, isolation: str = "read_committed") -> list[tuple[bytes, str, str]]:
        """Key, vCenter and text of every posted event, partition by partition; there is room for as many again."""
        found = []
        for record in topics.everything(self._bootstrap, names.events(self.scene.prefix), isolation=isolation):
            headers = dict(record.headers() or ())
            if headers["ce_subject"] == SUBJECT.encode():
                text = orjson.loads(record.value() or b"")["Message"]
                found.append((record.key() or b"", headers["ce_vcenter"].decode(), text))
        if isolation == "read_committed":
            arrived = Counter(text for _, text in {(vcenter, text) for _, vcenter, text in found})
            self._generator.confirm(text for text, times in arrived.items() if times == len(ALIASES))
        return found

    def texts(self, isolation: str = "read_committed") -> Counter[tuple[str, str]]:
        """How often each event has arrived."""
        return Counter((vcenter, text) for _, vcenter, text in self.posted(isolation))

    def undone(self) -> int:
        """How many events stand more than once in the log, that is also in transactions that were undone."""
        return sum(times > 1 for times in self.texts("read_uncommitted").values())

    def progress(self, vcenters: set[str]) -> None:
        """Wait until something newer of each of these has arrived."""
        before = self.texts()
        wait(lambda: vcenters <= {vcenter for vcenter, _ in self.texts() - before})

    def await_owners(self, *processes: Service) -> list[set[str]]:
        """Wait until every vCenter has one owner among the processes, each of which has some; who has which."""

        def shared() -> bool:
            owned = [owners(process) for process in processes]
            return all(owned) and self.all == set().union(*owned) and len(self.all) == sum(map(len, owned))

        wait(shared)
        return [owners(process) for process in processes]

    def await_halt(self, process: Service) -> None:
        """Wait until the process has stopped itself."""

        def has_stopped() -> bool:
            self.posted()
            return os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG) is not None

        wait(has_stopped)

    def damage(self, *processes: Service) -> Damage:
        """Post no more, wait for the rest, end the processes and count."""
        self._generator.stop()
        sent = self._generator.sent()
        last = {text.partition("/")[0]: text for text in sent}
        expected = {(name, text) for simulator, text in last.items() for name in self.names[simulator]}
        wait(lambda: expected <= self.texts().keys())
        assert [0] * len(processes) == [process.stop() for process in processes]
        counts = self.texts()
        wanted = {(name, text) for text in sent for name in self.names[text.partition("/")[0]]}
        assert set() == counts.keys() - wanted
        doubled = {each for each, times in counts.items() if times > 1}
        return Damage(wanted - counts.keys(), doubled, disordered(self.posted()))


def owners(process: Service) -> set[str]:
    """The vCenters that a process follows."""
    return set(re.findall(r'^reflexarc_ingest_owner{vcenter="(\w+)"} 1\.0$', process.ask("/metrics")[1], re.MULTILINE))


def refused(process: Service) -> float:
    """How many transactions of a process were not committed."""
    pattern = r'^reflexarc_ingest_transactions_total{outcome="(?!committed)\w+"} (\S+)$'
    return sum(map(float, re.findall(pattern, process.ask("/metrics")[1], re.MULTILINE)))


def disordered(posted: list[tuple[bytes, str, str]]) -> set[bytes]:
    """Keys with an event before an earlier one."""
    by_key: dict[bytes, list[int]] = {}
    for key, _, text in posted:
        by_key.setdefault(key, []).append(int(text.partition("/")[2]))
    return {key for key, numbers in by_key.items() if any(later < earlier for earlier, later in pairwise(numbers))}


@pytest.fixture
def sharing(stack: Status, tmp_path: Path, prefix: str, request: pytest.FixtureRequest) -> Iterator[Sharing]:
    with Scene(tmp_path, stack, prefix=prefix) as scene, Sharing(scene, getattr(request, "param", {})) as sharing:
        yield sharing


def test_shards_move_to_who_comes_and_from_who_leaves_or_dies(sharing: Sharing) -> None:
    one = sharing.begin()
    two = sharing.start("two", halt="ingest-in-transaction")
    sharing.await_halt(two)
    two.kill()
    sharing.await_owners(one)
    sharing.progress(sharing.all)
    assert sharing.undone() > 0, "the kill hit no transaction"
    two = sharing.start("two")
    sharing.await_owners(one, two)
    sharing.progress(sharing.all)
    assert 0 == two.stop()
    sharing.await_owners(one)
    assert NONE == sharing.damage(one)


def test_going_on_with_what_was_revoked_would_be_seen(sharing: Sharing) -> None:
    one, two = sharing.begin(mutant="ingest-keeps-revoked"), sharing.start("two")
    wait(lambda: bool(owners(two)))
    sharing.progress(sharing.all)
    assert len(sharing.damage(one, two).doubled) > 0


@pytest.mark.parametrize("halt", ["ingest-before-transaction", "ingest-in-transaction"])
def test_an_owner_that_wakes_after_its_session_writes_nothing_of_what_it_had_in_hand(
    sharing: Sharing, halt: str
) -> None:
    assert NONE == after_a_sleep(sharing, halt)


def test_metadata_fetched_at_the_commit_would_be_seen(sharing: Sharing) -> None:
    damage = after_a_sleep(sharing, "ingest-before-transaction", mutant="ingest-claims-at-commit")
    assert len(damage.doubled) > 0


def after_a_sleep(sharing: Sharing, halt: str, mutant: str = "") -> Damage:
    one = sharing.begin()
    two = sharing.start("two", halt=halt, mutant=mutant)
    sharing.await_halt(two)
    sharing.await_owners(one)
    sharing.progress(sharing.all)
    two.signal(signal.SIGCONT)
    sharing.await_owners(one, two)
    if not mutant:
        assert refused(two) > 0, "the sleep hit no transaction"
    sharing.progress(sharing.all)
    return sharing.damage(one, two)


# A restart is quick when it ends within the session, whatever a start takes here.
@pytest.mark.parametrize("sharing", [{"session.timeout.ms": 120_000}], indirect=True)
def test_a_quick_restart_under_the_same_name_moves_nothing(sharing: Sharing) -> None:
    one, two = sharing.begin(), sharing.start("two")
    owned = sharing.await_owners(one, two)
    moves = one.log.read_text().count("shards")
    two.kill()
    two = sharing.start("two")
    assert owned == sharing.await_owners(one, two)
    sharing.progress(sharing.all)
    assert moves == one.log.read_text().count("shards")
    assert NONE == sharing.damage(one, two)
