"""The kill switch on a real broker."""

from __future__ import annotations

from contextlib import closing

import pytest

from schemas import topics
from schemas.config import KafkaConfig
from streams.remediation.switch import BLIND, Switch
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

pytestmark = pytest.mark.stack

COMPACT = {"cleanup.policy": "compact"}


def test_a_switch_that_cannot_be_read_stops_all_actions_until_it_can(kafka: str, prefix: str) -> None:
    """Somebody may have pulled it."""
    config = KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)
    topic = topics.control(prefix)
    kafka_topics.create(kafka, topic, partitions=1, **COMPACT)
    with closing(Switch(config, group=topics.group(prefix, topics.EXECUTE))) as switch:
        switch.start()
        assert switch.wait(30)
        assert None is switch.paused()
        kafka_topics.delete(kafka, topic)
        wait_for(lambda: switch.paused() is not None, seconds=BLIND + 30)
        held = switch.paused()
        assert held is not None
        assert ("", True) == (held.actor, held.reason.startswith("the switch cannot be read"))
        kafka_topics.create(kafka, topic, partitions=1, **COMPACT)
        wait_for(lambda: switch.paused() is None)
