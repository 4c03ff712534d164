from __future__ import annotations

from contextlib import closing

import pytest

from clients.kafka.compacted import Compacted
from schemas.config import KafkaConfig
from schemas.errors import Refused, Unreachable
from tests.support import topics

pytestmark = pytest.mark.stack


def test_all_partitions_are_read_from_the_beginning_and_on(kafka: str, prefix: str) -> None:
    topic = f"{prefix}.c"
    topics.create(kafka, topic, partitions=3)
    topics.produce(kafka, topic, [b"%d" % number for number in range(500)])
    with closing(Compacted(KafkaConfig(bootstrap=kafka), topic, client_id="test")) as reader:
        found: list[int] = []
        while not reader.complete:
            found += [int(message.value() or b"") for message in reader.read(5)]
        assert list(range(500)) == sorted(found)
        topics.produce(kafka, topic, [b"later"])
        later: list[bytes | None] = []
        while not later:
            later = [message.value() for message in reader.read(5)]
        assert [b"later"] == later


def test_a_topic_that_does_not_exist_is_refused_with_the_cure(kafka: str, prefix: str) -> None:
    with pytest.raises(Refused, match="topics create"):
        Compacted(KafkaConfig(bootstrap=kafka), f"{prefix}.none", client_id="test")


def test_a_broker_that_is_away_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.kafka.reader.ANSWER", 1.0)
    with pytest.raises(Unreachable):
        Compacted(KafkaConfig(bootstrap="127.0.0.1:1"), "none", client_id="test")
