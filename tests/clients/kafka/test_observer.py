from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException

from clients.kafka.observer import observer
from schemas.config import KafkaConfig
from schemas.errors import Refused


def test_what_kafka_refuses_in_the_body_becomes_an_instruction() -> None:
    """The consumer is closed by then, and says so."""
    config = KafkaConfig(bootstrap="127.0.0.1:1")
    with (
        pytest.raises(Refused, match="cannot look around at"),
        observer(config, "group", client_id="test", doing="look around", enable_partition_eof=True) as consumer,
    ):
        raise KafkaException(KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED))
    with pytest.raises(RuntimeError, match="closed"):
        consumer.poll(0)
