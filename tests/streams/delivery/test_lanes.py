from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from streams.delivery.lanes import Lanes
from streams.transport import Lease, Record


def record(offset: int, key: bytes | None = b"k") -> Record:
    return Record("t", 0, offset, 0, key, b"", ())


def lanes(*, ordered: bool = True) -> Lanes:
    return Lanes(ordered=ordered, hire=lambda: None)


def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


async def test_a_key_has_one_turn_at_a_time_and_then_goes_behind_the_others() -> None:
    given = lanes()
    given.add(given.partition(lease()), [record(1, b"a"), record(2, b"a"), record(3, b"b")])
    first, second = await given.next(), await given.next()
    assert ([1, 3], []) == ([first.head.offset, second.head.offset], given.more(9))
    given.advance(first)
    given.advance(second)
    assert 2 == (await given.next()).head.offset


async def test_the_same_key_of_two_assignments_is_two_lanes() -> None:
    given = lanes()
    for each in (lease(), lease()):
        given.add(given.partition(each), [record(1)])
    assert 2 == len(given.more(9))


async def test_records_without_a_key_wait_for_nobody() -> None:
    given = lanes()
    given.add(given.partition(lease()), [record(1, None), record(2, None)])
    assert [1, 2] == [lane.head.offset for lane in given.more(9)]


async def test_who_must_be_tried_alone_is_in_no_company_and_keeps_its_place() -> None:
    given = lanes()
    given.add(given.partition(lease()), [record(number, None) for number in range(5)])
    first, second, *rest = given.more(9)
    second.trial.alone = True
    for lane in (second, first, *rest):
        given.put(lane)
    assert [0, 2] == [lane.head.offset for lane in given.more(2)]
    assert [1, 3] == [(await given.next()).head.offset, (await given.next()).head.offset]


async def test_whoever_waits_is_woken_by_what_comes_with_a_new_assignment() -> None:
    given = lanes()
    old, new = lease(), lease()
    given.add(given.partition(old), [record(1)])
    await given.next()
    waiting = asyncio.ensure_future(given.next())
    await asyncio.sleep(0)
    old.close()
    given.add(given.partition(new), [record(2)])
    assert 2 == (await asyncio.wait_for(waiting, 10)).head.offset


async def test_what_waited_of_an_assignment_that_ended_is_forgotten_with_the_next_one() -> None:
    given = lanes()
    old = lease()
    given.add(given.partition(old), [record(1, b"a"), record(2, b"b")])
    old.close()
    given.add(given.partition(lease()), [record(3, b"a")])
    assert [3] == [lane.head.offset for lane in given.more(9)]


async def test_when_nobody_waits_somebody_is_hired() -> None:
    hired = list[int]()
    given = Lanes(ordered=True, hire=lambda: hired.append(1))
    given.add(given.partition(lease()), [record(1, b"a"), record(2, b"b")])
    waiting = [asyncio.ensure_future(given.next()) for _ in range(3)]
    await asyncio.sleep(0)
    assert (2, 1) == (len(hired), given.idle)
    given.add(given.partition(lease()), [record(3)])
    await asyncio.sleep(0)
    assert (2, [True] * 3) == (len(hired), [each.done() for each in waiting])


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60))
def test_whatever_the_workers_do_each_key_keeps_its_order(steps: list[tuple[int, bool]]) -> None:
    async def work() -> None:
        given = lanes()
        partition = given.partition(lease())
        served: dict[bytes, list[int]] = {}
        added: dict[bytes, list[int]] = {}
        for number, (key, finishes) in enumerate(steps):
            name = b"%d" % key
            given.add(partition, [record(number, name)])
            added.setdefault(name, []).append(number)
            for lane in given.more(2):
                if finishes:
                    served.setdefault(lane.head.key or b"", []).append(lane.head.offset)
                    given.advance(lane)
                else:
                    given.put(lane)
        while lanes_left := given.more(9):
            for lane in lanes_left:
                served.setdefault(lane.head.key or b"", []).append(lane.head.offset)
                given.advance(lane)
        assert added == served
        assert {} == partition.lanes

    asyncio.run(work())
