from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from confluent_kafka.admin import AdminClient, NewPartitions

from clients.kafka import admin
from schemas.config import Config, KafkaConfig, SecurityConfig, SinkConfig
from schemas.errors import Refused, Unreachable
from schemas.topics import events, table
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.topics import Topic

pytestmark = pytest.mark.stack

NOWHERE = KafkaConfig(bootstrap="127.0.0.1:9")


def tables(config: KafkaConfig) -> Sequence[Topic]:
    return table(Config(kafka=config, sinks={"functions": SinkConfig(name="functions", type="http")}))


def silent(_line: str) -> None:
    pass


def test_create_makes_what_the_table_says(config: KafkaConfig) -> None:
    wanted = tables(config)
    said: list[str] = []
    done = admin.create(config, wanted, report=said.append)

    names = tuple(topic.name for topic in wanted)
    assert (names, ()) == done
    assert [f"{name} created" for name in names] == said
    assert [] == admin.drift(config, wanted)
    for state in admin.describe(config, wanted):
        assert state.topic.settings.items() <= state.settings.items()


def test_create_again_changes_nothing(config: KafkaConfig) -> None:
    wanted = tables(config)
    admin.create(config, wanted, report=silent)
    before = admin.describe(config, wanted)

    done = admin.create(config, wanted, report=silent)
    assert ((), tuple(topic.name for topic in wanted)) == done
    assert before == admin.describe(config, wanted)


def test_create_adds_what_a_new_sink_needs(config: KafkaConfig) -> None:
    wanted = tables(config)
    admin.create(config, wanted[:3], report=silent)
    created, existing = admin.create(config, wanted, report=silent)
    assert (set(wanted[3:]), set(wanted[:3])) == (
        {topic for topic in wanted if topic.name in created},
        {topic for topic in wanted if topic.name in existing},
    )


def test_create_refuses_drift_and_creates_nothing(config: KafkaConfig, kafka: str) -> None:
    wanted = tables(config)
    admin.create(config, wanted[:1], report=silent)
    client = AdminClient({"bootstrap.servers": kafka})
    client.create_partitions([NewPartitions(wanted[0].name, 4)])[wanted[0].name].result(30)

    with pytest.raises(admin.Drifted) as caught:
        admin.create(config, wanted, report=silent)
    assert 4 == caught.value.exit_code
    assert ["partitions"] == [drift.kind for drift in caught.value.drifts]
    assert "has 4 partitions instead of 3" in caught.value.message
    assert "kafka.partitions: 4" in (caught.value.cure or "")
    assert {"missing"} == {drift.kind for drift in admin.drift(config, wanted[1:])}


def test_verify_refuses_what_endangers_a_promise(config: KafkaConfig, kafka: str) -> None:
    wanted = tables(config)
    topics.create(kafka, wanted[0].name, partitions=3, **{"cleanup.policy": "compact"})
    with pytest.raises(admin.Drifted, match=r"cleanup\.policy=compact instead of delete"):
        admin.verify(config, wanted[:1], report=silent)
    with pytest.raises(admin.Drifted, match="does not exist"):
        admin.verify(config, wanted[1:], report=silent)


def test_verify_only_reports_what_endangers_nothing(config: KafkaConfig, kafka: str) -> None:
    topic = tables(config)[0]
    topics.create(kafka, topic.name, partitions=3, **topic.settings | {"retention.ms": "60000"})
    said: list[str] = []
    admin.verify(config, [topic], report=said.append)
    (line,) = said
    assert "retention.ms=60000 instead of 604800000" in line


def test_describe_counts_what_lies_between_the_oldest_and_the_next_record(config: KafkaConfig, kafka: str) -> None:
    wanted = tables(config)
    admin.create(config, wanted[:1], report=silent)
    topics.produce(kafka, events(config.prefix), [b"%d" % number for number in range(7)])
    assert [7, 0] == [state.records for state in admin.describe(config, wanted[:2])]


def test_more_copies_than_brokers_are_refused(config: KafkaConfig) -> None:
    greedy = config.model_copy(update={"replication": 3})
    with pytest.raises(Refused) as caught:
        admin.create(greedy, tables(greedy)[:1], report=silent)
    assert "kafka.replication" in (caught.value.cure or "")


def test_waiting_ends_as_soon_as_a_broker_answers(config: KafkaConfig) -> None:
    said: list[str] = []
    admin.wait_for_broker(config, report=said.append)
    assert [] == said


def test_waiting_says_so_and_ends_in_time() -> None:
    said: list[str] = []
    began = time.monotonic()
    with pytest.raises(Unreachable):
        admin.wait_for_broker(NOWHERE, report=said.append, timeout=1.5)
    assert time.monotonic() - began < 6
    assert said
    assert all("127.0.0.1:9" in line and "trying again" in line for line in said)


def test_who_is_told_of_the_waiting_may_end_it() -> None:
    class Enough(Exception):  # noqa: N818 - says what it means
        pass

    def report(_line: str) -> None:
        raise Enough

    with pytest.raises(Enough):
        admin.wait_for_broker(NOWHERE, report=report)


def test_waiting_ends_when_asked_to_stop() -> None:
    stop = threading.Event()
    began = time.monotonic()
    with pytest.raises(admin.Stopped):
        admin.wait_for_broker(NOWHERE, report=lambda _line: stop.set(), stopped=stop.is_set)
    assert time.monotonic() - began < 6


def test_who_is_asked_to_stop_does_not_begin_to_wait() -> None:
    with pytest.raises(admin.Stopped):
        admin.wait_for_broker(NOWHERE, report=pytest.fail, stopped=lambda: True)


def test_a_broker_that_refuses_us_is_not_waited_for(config: KafkaConfig) -> None:
    stranger = config.model_copy(update={"security": SecurityConfig(protocol="SSL")})
    with pytest.raises(Refused) as caught:
        admin.wait_for_broker(stranger, report=silent)
    assert "kafka.security.protocol" in (caught.value.cure or "")
