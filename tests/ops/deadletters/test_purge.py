"""What is settled leaves Kafka, and nothing else does."""

from __future__ import annotations

import pytest

from clients.kafka.record import Outgoing
from ops.deadletters.desk import Counts, Desk
from ops.deadletters.purge import purge
from schemas import topics
from schemas.config import KafkaConfig
from schemas.settlement import SETTLED
from tests.ops.deadletters.letters import letter, record, store
from tests.support import topics as kafka_topics

pytestmark = pytest.mark.stack

SINK = "functions"


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    """A topic with four letters in each of two partitions."""
    kafka_topics.create(kafka, topics.dead_letter(prefix, SINK), partitions=2)
    given = [record(prefix, SINK, number, partition=number % 2) for number in range(8)]
    store(kafka, *(letter(prefix, each, SINK) for each in given))
    return KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)


def settle(config: KafkaConfig, *places: tuple[int, int]) -> None:
    topic = topics.dead_letter(config.prefix, SINK)
    words = (((SETTLED, b"%d dropped" % offset),) for _, offset in places)
    store(
        config.bootstrap,
        *(Outgoing(topic, None, None, said, place[0]) for place, said in zip(places, words, strict=True)),
    )


def purged(config: KafkaConfig) -> tuple[int | None, Counts]:
    with Desk(config, SINK) as desk:
        return purge(config, SINK, desk), desk.counts


def places(config: KafkaConfig) -> list[str]:
    with Desk(config, SINK) as desk:
        return [each.place for each in desk.letters()]


def test_letters_in_front_of_the_first_open_one_go(config: KafkaConfig) -> None:
    """Whatever is open stays, and what was settled behind it; the counts say what Kafka holds."""
    settle(config, (0, 0), (0, 1), (0, 3), (1, 1))
    assert (2, Counts(open=4, redriven=0, dropped=2)) == purged(config)
    assert ["0/2", "0/3", "1/0", "1/1", "1/2", "1/3"] == places(config)
    with Desk(config, SINK) as desk:
        assert Counts(open=4, redriven=0, dropped=2) == desk.counts


def test_a_topic_without_open_letters_is_empty_afterwards(config: KafkaConfig) -> None:
    """The settlements go with their letters, and a letter that comes then is seen."""
    settle(config, *((partition, offset) for partition in range(2) for offset in range(4)))
    assert (8, Counts(open=0, redriven=0, dropped=0)) == purged(config)
    assert (0, Counts(open=0, redriven=0, dropped=0)) == purged(config)
    store(config.bootstrap, letter(config.prefix, record(config.prefix, SINK, 9), SINK))
    assert (["0/8"], 0) == (places(config), purged(config)[0])


def test_words_that_outlive_their_letters_settle_nothing_else(config: KafkaConfig) -> None:
    """A word on what is deleted may lie behind a letter that is open, until that one is settled."""
    settle(config, (0, 0))
    assert 1 == purged(config)[0]
    settle(config, (0, 2), (0, 3), (0, 1))
    assert (3, Counts(open=4, redriven=0, dropped=0)) == purged(config)
    assert ["1/0", "1/1", "1/2", "1/3"] == places(config)


def test_a_letter_that_comes_meanwhile_stays(config: KafkaConfig) -> None:
    """Nothing is deleted that was not looked at."""
    settle(config, *((0, offset) for offset in range(4)))
    with Desk(config, SINK) as desk:
        store(config.bootstrap, letter(config.prefix, record(config.prefix, SINK, 9), SINK))
        assert 4 == purge(config, SINK, desk)
    assert ["0/8", "1/0", "1/1", "1/2", "1/3"] == places(config)


def test_where_kafka_will_not_delete_letters_stay_and_it_is_said(
    config: KafkaConfig, caplog: pytest.LogCaptureFixture
) -> None:
    """The letters are settled all the same: nothing has failed."""
    settle(config, (0, 0))
    with Desk(config, SINK) as desk:
        assert None is purge(config, "nobody", desk)
        assert 8 == desk.counts.stored
    (line,) = (each.getMessage() for each in caplog.records if each.name == "ops.deadletters.purge")
    assert (
        f"settled letters stay, and the next run deletes them: cannot delete records of {config.prefix}.dlq.nobody"
        in line
    )
