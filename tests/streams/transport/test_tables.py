"""Tables on the transport: a state that survives, and offsets that wait for it."""

from __future__ import annotations

import asyncio
import threading
from time import sleep
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from faust.exceptions import ImproperlyConfigured

from clients.kafka.transactions import Transactions
from schemas.config import KafkaConfig
from schemas.errors import Refused
from streams.transport import member
from streams.transport.tables import recovery
from streams.transport.tables.changelog import replay
from tests.streams.transport.apps import serving, until
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.record import Outgoing, Position
    from streams.transport.app import TransportApp

pytestmark = pytest.mark.stack

PARTITIONS = 3
GROUP = "counter"


class Counting:
    """An app that counts values per key in a table."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.table: Any = None
        self.handled = 0

    def __call__(self, app: TransportApp) -> None:
        self.table = app.Table("counts", default=int, key_type=bytes, value_type=int)

        @app.agent(app.topic(self.source))
        async def count(stream: Any) -> None:
            async for event in stream.events():
                self.table[event.key] += 1
                self.handled += 1


def changelog(source: str) -> str:
    return f"{source}.group-counts-changelog"


@pytest.fixture
def source(kafka: str, prefix: str) -> str:
    topics.create(kafka, prefix, partitions=PARTITIONS)
    topics.create(kafka, changelog(prefix), partitions=PARTITIONS, **{"cleanup.policy": "compact"})
    return prefix


def produce(kafka: str, source: str, keys: int, each: int) -> None:
    for key in range(keys):
        topics.produce(kafka, source, [b"x"] * each, key=b"%d" % key)


async def test_a_table_comes_back_with_its_partition(kafka: str, source: str) -> None:
    produce(kafka, source, 20, 3)
    first = Counting(source)
    async with serving(kafka, f"{source}.group", first):
        await until(lambda: first.handled == 60)
    produce(kafka, source, 20, 2)
    second = Counting(source)
    async with serving(kafka, f"{source}.group", second):
        await until(lambda: second.handled == 40)
        assert {b"%d" % key: 5 for key in range(20)} == dict(second.table.items())


async def test_a_deleted_key_stays_deleted(kafka: str, source: str) -> None:
    produce(kafka, source, 2, 1)

    class Deleting(Counting):
        def __call__(self, app: TransportApp) -> None:
            self.table = app.Table("counts", default=int, key_type=bytes, value_type=int)

            @app.agent(app.topic(self.source))
            async def count(stream: Any) -> None:
                async for event in stream.events():
                    self.table[event.key] = 1
                    if event.key == b"0":
                        del self.table[event.key]
                    self.handled += 1

    first = Deleting(source)
    async with serving(kafka, f"{source}.group", first):
        await until(lambda: first.handled == 2)
    second = Counting(source)
    async with serving(kafka, f"{source}.group", second):
        assert {b"1": 1} == dict(second.table.items())


async def test_partitions_of_a_table_move_with_their_sources(kafka: str, source: str) -> None:
    produce(kafka, source, 30, 2)
    first, second = Counting(source), Counting(source)
    async with serving(kafka, f"{source}.group", first):
        await until(lambda: first.handled == 60)
        async with serving(kafka, f"{source}.group", second):
            await until(lambda: len(first.table) + len(second.table) == 30 and len(second.table) > 0)
            produce(kafka, source, 30, 1)
            await until(lambda: first.handled + second.handled == 90)
            assert {b"%d" % key: 3 for key in range(30)} == dict(first.table.items()) | dict(second.table.items())


async def test_no_offset_is_committed_before_the_changelog_has_what_it_changed(
    kafka: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    produce(kafka, source, 5, 1)
    counting, gate, write = Counting(source), threading.Event(), Transactions.write

    def held_back(self: Transactions, records: Sequence[Outgoing]) -> list[Position]:
        gate.wait()
        return write(self, records)

    async with serving(kafka, f"{source}.group", counting):
        monkeypatch.setattr(Transactions, "write", held_back)
        produce(kafka, source, 5, 1)
        await until(lambda: counting.handled == 10)
        await asyncio.sleep(1)  # longer than a commit takes
        before = topics.committed_in_all(kafka, f"{source}.group", source)
        gate.set()
        await until(lambda: topics.committed_in_all(kafka, f"{source}.group", source) == 10)
    assert before < 10
    changes = [orjson.loads(record.value()) for record in topics.everything(kafka, changelog(source))]
    assert [1, 1, 1, 1, 1, 2, 2, 2, 2, 2] == sorted(changes)


async def test_who_is_fenced_although_the_group_has_not_given_it_up_joins_anew_and_goes_on(
    kafka: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member, "FENCED_WAIT", 0.1)
    counting, config = Counting(source), KafkaConfig(bootstrap=kafka)
    async with serving(kafka, f"{source}.group", counting):
        produce(kafka, source, 20, 1)
        await until(lambda: counting.handled == 20)
        for number in range(PARTITIONS):
            name = f"{source}.group-{number}"
            other = Transactions(config, client_id="other", transactional_id=name, given_up=lambda: False)
            await asyncio.to_thread(other.open)
            other.close()
        produce(kafka, source, 20, 1)
        await until(lambda: topics.committed_in_all(kafka, f"{source}.group", source) == 40)
        assert {b"%d" % key: 2 for key in range(20)} == dict(counting.table.items())


async def test_of_assignments_that_wait_only_the_newest_takes_the_changelogs_from_their_owners(
    kafka: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Transactions] = []
    counting, open_ = Counting(source), Transactions.open

    def noted(self: Transactions) -> None:
        opened.append(self)
        open_(self)

    async with serving(kafka, f"{source}.group", counting) as app:
        produce(kafka, source, 20, 1)
        await until(lambda: counting.handled == 20)
        monkeypatch.setattr(Transactions, "open", noted)
        consumer: Any = app.consumer
        held = frozenset(consumer.assignment())
        for assigned in (frozenset(), held, frozenset(), held):
            consumer.on_assignment(assigned)
        produce(kafka, source, 20, 1)
        await until(lambda: counting.handled == 40)
        assert {b"%d" % key: 2 for key in range(20)} == dict(counting.table.items())
    assert PARTITIONS == len(opened)


async def test_a_table_is_not_rebuilt_to_the_end_for_an_assignment_that_is_not_the_newest(
    kafka: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, began = Counting(source), threading.Event()

    def endless(*_: object, stopped: Callable[[], bool], **__: object) -> bool:
        monkeypatch.setattr(recovery, "replay", replay)
        began.set()
        while not stopped():
            sleep(0.01)
        return False

    async with serving(kafka, f"{source}.group", counting) as app:
        produce(kafka, source, 20, 1)
        await until(lambda: counting.handled == 20)
        monkeypatch.setattr(recovery, "replay", endless)
        consumer: Any = app.consumer
        held = frozenset(consumer.assignment())
        consumer.on_assignment(held)
        await until(began.is_set)
        consumer.on_assignment(held)
        produce(kafka, source, 20, 1)
        await until(lambda: counting.handled == 40)
        assert {b"%d" % key: 2 for key in range(20)} == dict(counting.table.items())


async def test_a_changelog_of_another_shape_than_its_source_is_refused(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix, partitions=PARTITIONS)
    topics.create(kafka, changelog(prefix), partitions=PARTITIONS + 1)
    with pytest.raises(Refused, match="has 4 partitions, its sources have 3"):
        async with serving(kafka, f"{prefix}.group", Counting(prefix)):
            pass


async def test_a_global_table_is_refused(kafka: str, prefix: str) -> None:
    def declare(app: TransportApp) -> None:
        app.GlobalTable("everywhere", default=int)

    with pytest.raises(ImproperlyConfigured, match="global tables"):
        async with serving(kafka, f"{prefix}.group", declare):
            pass
