"""Whatever Kafka does, a letter is noted only when it was sent."""

from __future__ import annotations

import pytest

from clients.kafka.errors import PublishRejected
from ops.deadletters.settling import Order, Tally, settle
from schemas.errors import Unreachable
from schemas.settlement import settlement
from tests.ops.deadletters.written import dead
from tests.support.publisher import RecordingPublisher

ORDER = Order(prefix="dc", name="functions", outcome="redriven", actor="eve@host")
LETTERS = [dead(number) for number in range(1_200)]


def noted(publisher: RecordingPublisher) -> list[int]:
    said = [settlement(each.headers) for each in publisher.records if each.topic == "dc.dlq.functions"]
    return [each.offset for each in said if each is not None]


def sent(publisher: RecordingPublisher) -> int:
    return sum(each.topic == "dc.sink.functions" for each in publisher.records)


async def test_every_portion_is_sent_then_noted_then_audited() -> None:
    """Three portions of up to 500 letters."""
    publisher, tally = RecordingPublisher(), Tally()
    await settle(ORDER, LETTERS, publisher, tally, stopped=lambda: False)
    assert (1_200, 1_200, list(range(1_200))) == (tally.settled, sent(publisher), noted(publisher))
    topics = [each.topic for each in publisher.records]
    assert 3 == topics.count("dc.audit")
    assert topics.index("dc.dlq.functions") == 500


@pytest.mark.parametrize("outages", [1, 2])
async def test_an_outage_leaves_open_what_was_not_noted(outages: int) -> None:
    """What was sent and not noted is open, and counted as that."""
    publisher, tally = RecordingPublisher(), Tally()
    publisher.fail(*[Unreachable("away")] * outages)
    for _ in range(outages):
        with pytest.raises(Unreachable):
            await settle(ORDER, LETTERS, publisher, tally, stopped=lambda: False)
    assert (0, []) == (tally.settled, noted(publisher))


async def test_what_kafka_will_not_take_stays_open_and_is_told() -> None:
    """The reason is counted; nothing is noted."""
    publisher = RecordingPublisher(rejected={"dc.sink.functions": PublishRejected("too large")})
    tally = Tally()
    await settle(ORDER, LETTERS[:3], publisher, tally, stopped=lambda: False)
    assert (0, {"too large": 3}, []) == (tally.settled, dict(tally.refused), noted(publisher))


async def test_who_asks_to_stop_waits_for_one_portion() -> None:
    """What is under way is finished."""
    publisher, tally = RecordingPublisher(), Tally()
    await settle(ORDER, LETTERS, publisher, tally, stopped=lambda: tally.settled > 0)
    assert (500, 500) == (tally.settled, len(noted(publisher)))


async def test_what_is_dropped_goes_nowhere() -> None:
    """It is only noted."""
    publisher, tally = RecordingPublisher(), Tally()
    order = Order(prefix="dc", name="functions", outcome="dropped", actor="eve@host")
    await settle(order, LETTERS[:3], publisher, tally, stopped=lambda: False)
    assert (3, 0, [0, 1, 2]) == (tally.settled, sent(publisher), noted(publisher))
