from __future__ import annotations

import asyncio
from functools import partial

import pytest
from confluent_kafka import TopicPartition
from faust.types import TP

from clients.kafka import errors
from clients.kafka.errors import Fenced
from schemas.config import KafkaConfig
from streams.transport import drain
from streams.transport.drain import Hangs
from streams.transport.health import Health
from streams.transport.held import Start
from streams.transport.member import Member
from tests.streams.transport import members

NOWHERE = "localhost:1"


def member_of_nobody(told: members.Member) -> Member:
    return Member(
        {"bootstrap.servers": NOWHERE, "group.id": "group"},
        {"topic": 1},
        loop=asyncio.get_running_loop(),
        listener=told,
        drain=0.0,
        explain=partial(errors.explain, config=KafkaConfig(bootstrap=NOWHERE)),
        health=Health(),
        stopping=lambda: True,
    )


async def test_who_leaves_begins_with_nothing_that_a_rebalance_still_brings() -> None:
    told = members.Member()
    leaving = member_of_nobody(told)
    # It would ask the broker, which would not answer.
    leaving._assign(leaving._consumer, [TopicPartition("topic", 0)])
    leaving.leave()
    await asyncio.sleep(0)
    assert 0 == told.changes


async def test_work_that_hangs_is_told_although_the_member_was_fenced_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "CANCEL_WAIT", 0.0)
    tp, leaving = TP("topic", 0), member_of_nobody(members.Member())
    leaving._holdings.take({tp: Start(0)})
    leaving._holdings[tp].lease.begin()
    leaving._end_with(Fenced("somebody has our name"))
    with pytest.raises(Hangs, match="topic/0: work does not end"):
        leaving.leave()
