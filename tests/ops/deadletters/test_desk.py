"""Counts add up, whatever lies in the topic."""

from __future__ import annotations

import pytest

from clients.kafka.record import Outgoing
from ops.deadletters.desk import Counts, Desk
from schemas import topics
from schemas.config import KafkaConfig
from tests.ops.deadletters.letters import letter, record, store
from tests.support import topics as kafka_topics

pytestmark = pytest.mark.stack

SINK = "functions"


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    kafka_topics.create(kafka, topics.dead_letter(prefix, SINK), partitions=2)
    return KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)


def said(config: KafkaConfig, text: bytes, partition: int = 0) -> Outgoing:
    headers = (("reflexarc_settled", text),)
    return Outgoing(topics.dead_letter(config.prefix, SINK), None, None, headers, partition)


def letters(config: KafkaConfig, count: int, partition: int = 0) -> list[Outgoing]:
    given = (record(config.prefix, SINK, number, partition=partition) for number in range(count))
    return [letter(config.prefix, each, SINK) for each in given]


def test_the_last_word_on_a_letter_counts(config: KafkaConfig) -> None:
    """In its own partition, once."""
    words = said(config, b"0 redriven"), said(config, b"0 dropped"), said(config, b"1 redriven", 1)
    store(config.bootstrap, *letters(config, 3), *letters(config, 2, 1), *words)
    with Desk(config, SINK) as desk:
        assert Counts(open=3, redriven=1, dropped=1) == desk.counts
        found = {each.place: each.state for each in desk.letters()}
    assert {"0/0": "dropped", "0/1": "open", "0/2": "open", "1/0": "open", "1/1": "redriven"} == found


@pytest.mark.parametrize("word", [b"99 dropped", b"2 dropped", b"1 dropped"])
def test_a_word_on_what_is_no_letter_says_nothing(config: KafkaConfig, word: bytes) -> None:
    """It names what is not there, itself, or another word."""
    store(config.bootstrap, *letters(config, 1), said(config, b"5 dropped"), said(config, word))
    with Desk(config, SINK) as desk:
        assert Counts(open=1, redriven=0, dropped=0) == desk.counts
        assert ["0/0"] == [each.place for each in desk.letters()]


def test_words_on_letters_that_were_deleted_do_no_harm(config: KafkaConfig) -> None:
    """Whoever deletes the beginning of the topic deletes it from the counts."""
    words = [said(config, b"%d dropped" % number) for number in (0, 3)]
    store(config.bootstrap, *letters(config, 4), *words)
    kafka_topics.delete_before(config.bootstrap, topics.dead_letter(config.prefix, SINK), 0, 2)
    with Desk(config, SINK) as desk:
        assert (Counts(open=1, redriven=0, dropped=1), 2) == (desk.counts, desk.counts.stored)


def test_what_nobody_of_ours_wrote_is_an_open_letter(config: KafkaConfig) -> None:
    """Nothing in the topic is passed by in silence."""
    store(config.bootstrap, Outgoing(topics.dead_letter(config.prefix, SINK), b"?"))
    with Desk(config, SINK) as desk:
        assert 1 == desk.counts.open


def test_what_a_newer_release_settled_is_settled(config: KafkaConfig, caplog: pytest.LogCaptureFixture) -> None:
    """Its word is no letter; that it is not understood is said once, however often it is read."""
    words = said(config, b"0 archived"), said(config, b"1 archived"), said(config, b"nonsense")
    store(config.bootstrap, *letters(config, 3), *words)
    for _ in range(2):
        with Desk(config, SINK) as desk:
            assert Counts(open=1, redriven=0, dropped=0, otherwise=2) == desk.counts
            assert ["otherwise", "otherwise", "open"] == [each.state for each in desk.letters()]
    assert "3 stored = 1 open + 0 re-driven + 0 dropped + 2 settled otherwise" == str(desk.counts)
    archived, unreadable = (record.getMessage() for record in caplog.records if record.name == "ops.deadletters.desk")
    assert "letters were archived by a newer release" in archived
    assert "cannot be read" in unreadable


def test_what_is_settled_ends_at_the_first_letter_that_somebody_needs(config: KafkaConfig) -> None:
    """An open one, or one that a newer release settled in its own way; of each partition by itself."""
    words = said(config, b"0 dropped"), said(config, b"1 archived"), said(config, b"0 redriven", 1)
    store(config.bootstrap, *letters(config, 3), *letters(config, 1, 1), *words)
    with Desk(config, SINK) as desk:
        assert {0: 1, 1: 2} == desk.settled
        assert 2 == desk.forget(desk.settled)
        assert Counts(open=1, redriven=0, dropped=0, otherwise=1) == desk.counts
