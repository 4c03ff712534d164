from __future__ import annotations

import asyncio
from functools import partial

from confluent_kafka import TopicPartition

from clients.kafka import errors
from schemas.config import KafkaConfig
from streams.transport.health import Health
from streams.transport.member import Member
from tests.streams.transport import members

NOWHERE = "localhost:1"


async def test_who_leaves_begins_with_nothing_that_a_rebalance_still_brings() -> None:
    told = members.Member()
    leaving = Member(
        {"bootstrap.servers": NOWHERE, "group.id": "group"},
        {"topic": 1},
        loop=asyncio.get_running_loop(),
        listener=told,
        drain=0.0,
        explain=partial(errors.explain, config=KafkaConfig(bootstrap=NOWHERE)),
        health=Health(),
        stopping=lambda: True,
    )
    # It would ask the broker, which would not answer.
    leaving._assign(leaving._consumer, [TopicPartition("topic", 0)])
    leaving.leave()
    await asyncio.sleep(0)
    assert 0 == told.changes
