"""The role on a real broker: what passes, what is held back, and what becomes of it when members come and go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from schemas import topics as names
from streams.throttling import remembered
from tests.streams.throttling.roles import (
    OTHER,
    ROUTE,
    SINK,
    Held,
    committed,
    configured,
    create,
    passed,
    send,
    throttling,
)
from tests.streams.transport.apps import until
from tests.support import topics

if TYPE_CHECKING:
    from schemas.config import Config

pytestmark = pytest.mark.stack

GROUPS = 10


async def passages(config: Config, count: int) -> list[tuple[int, int]]:
    """What has passed, once it is so much."""
    async with asyncio.timeout(60):
        while len(found := await asyncio.to_thread(passed, config)) < count:
            await asyncio.sleep(0.2)
    return found


async def test_once_within_passes_the_first_of_each_group_also_after_a_restart(kafka: str, prefix: str) -> None:
    config = configured(kafka, prefix, once_within="1h")
    create(config)
    send(config, range(50), groups=GROUPS)
    async with throttling(config):
        await until(lambda: committed(config) == 50)
    send(config, range(50, 111), groups=GROUPS + 1)
    async with throttling(config):
        await until(lambda: committed(config) == 111)
    firsts = [(number, 1) for number in range(GROUPS)]
    (eleventh,) = (number for number in range(50, 61) if number % (GROUPS + 1) == GROUPS)
    assert [*firsts, (eleventh, 1)] == passed(config)


async def test_what_passes_has_its_own_key_again_and_no_origin(kafka: str, prefix: str) -> None:
    config = configured(kafka, prefix, once_within="1h")
    create(config)
    send(config, [7], groups=GROUPS)
    async with throttling(config):
        await passages(config, 1)
    (record,) = topics.everything(kafka, names.sink(prefix, SINK))
    assert (b"vm", b"{}", [("ce_id", b"7"), ("reflexarc_throttled", b"1")]) == (
        record.key(),
        record.value(),
        record.headers(),
    )


async def test_once_after_passes_the_last_of_each_group_and_nothing_is_done_before(kafka: str, prefix: str) -> None:
    config, held = configured(kafka, prefix, once_after="10s"), Held()
    create(config)
    async with throttling(config):
        send(config, range(50), groups=GROUPS)
        await until(lambda: held.count() == 50)
        await asyncio.sleep(1)  # longer than a commit takes
        before = committed(config), passed(config)
        found = await passages(config, GROUPS)
        await until(lambda: committed(config) >= 50)
    assert ((0, []), [(number, 5) for number in range(40, 50)]) == (before, found)


async def test_accumulate_passes_every_third_and_drops_what_stays_alone(kafka: str, prefix: str) -> None:
    config = configured(kafka, prefix, accumulate={"count": 3, "within": "4s"})
    create(config)
    async with throttling(config):
        send(config, range(70), groups=GROUPS)
        await until(lambda: committed(config) >= 70)
    thirds = [(number, 3) for number in (*range(20, 30), *range(50, 60))]
    assert thirds == passed(config)


async def test_a_member_that_joins_takes_over_what_is_held_back(kafka: str, prefix: str) -> None:
    config, held = configured(kafka, prefix, once_after="20s"), Held()
    create(config)
    async with throttling(config):
        send(config, range(50), groups=GROUPS)
        await until(lambda: held.count() == 50)
        async with throttling(config) as (second, _):
            await until(lambda: 0 < len(second.consumer.assignment()) < 3)
            assert [] == passed(config)
            found = await passages(config, GROUPS)
            await until(lambda: committed(config) >= 50)
    assert [(number, 5) for number in range(40, 50)] == found == passed(config)


async def test_a_group_that_matters_no_more_is_forgotten_for_ever(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "SLACK", 0)
    config = configured(kafka, prefix, once_within="1s")
    create(config)
    async with throttling(config):
        send(config, range(GROUPS), groups=GROUPS)
        await passages(config, GROUPS)
        await asyncio.sleep(1.5)
        send(config, range(2 * GROUPS, 100), groups=100)
        await until(lambda: committed(config) == 100 - GROUPS)
    changes = topics.everything(kafka, names.throttle_marks(prefix))
    last = {record.key().split(b"/", 2)[2]: record.value() for record in changes}
    assert {b"group-%d" % number for number in range(GROUPS)} == {group for group, value in last.items() if not value}


async def test_routes_do_not_know_of_each_other_and_may_lead_elsewhere_meanwhile(kafka: str, prefix: str) -> None:
    config = configured(kafka, prefix, once_within="1h")
    (storm,) = config.routes
    calm = storm.model_copy(update={"name": "calm"})
    config = config.model_copy(update={"routes": (storm, calm)})
    create(config)
    async with throttling(config) as (_, role):
        for route in (ROUTE, calm.name):
            send(config, range(20), groups=GROUPS, route=route)
        firsts = [(number, 1) for number in range(GROUPS)]
        assert sorted([*firsts, *firsts]) == await passages(config, 2 * GROUPS)
        await role.follow((storm.model_copy(update={"to": (OTHER,)}),))
        send(config, range(GROUPS, 2 * GROUPS), groups=1000)
        await until(lambda: len(passed(config, OTHER)) == GROUPS)
    assert 2 * GROUPS == len(passed(config))


async def test_more_than_a_partition_may_hold_is_let_go_and_nothing_stands_still(kafka: str, prefix: str) -> None:
    config, held = configured(kafka, prefix, once_after="1h"), Held()
    create(config)
    events = 30_000
    send(config, range(events), groups=events // 10)
    async with throttling(config):
        await until(lambda: held.count() == events)
        await until(lambda: committed(config) > 0)
        found = passed(config)
    assert events - 3 * 4_000 <= sum(count for _, count in found) <= events
