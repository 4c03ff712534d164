from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from clients.kafka.record import Outgoing
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.publishing.handover import UNCOMMITTED, Chunk, Handover, HandoverClosedError, Lane
from tests.ingest.vcenter.events import START

FOR_EVER = 60.0
AT_ONCE = 0.0


def chunk(vcenter: str, number: int = 0, size: int = 0) -> Chunk:
    checkpoint = Checkpoint(vcenter=vcenter, instance_uuid="4c", time=START, since=START, last_key=number)
    return Chunk(checkpoint, (Outgoing("t", b"x" * size),) if size else ())


def gather(handover: Handover, *, wait: float = AT_ONCE, linger: float = AT_ONCE, limit: int = 1 << 30) -> list[Chunk]:
    return handover.gather(wait=wait, linger=linger, limit=limit)


def two(handover: Handover) -> tuple[Lane, Lane]:
    return handover.lane(), handover.lane()


def test_chunks_of_one_vcenter_keep_their_order() -> None:
    handover = Handover()
    lane = handover.lane()
    for number in range(UNCOMMITTED):
        lane.submit(chunk("a", number))
    assert list(range(UNCOMMITTED)) == [each.checkpoint.last_key for each in gather(handover)]


def test_nothing_to_gather_is_an_empty_list() -> None:
    assert [] == gather(Handover(), linger=FOR_EVER)


def test_nobody_is_waited_for_once_every_vcenter_has_given_something() -> None:
    handover = Handover()
    for name, lane in zip("ab", two(handover), strict=True):
        lane.submit(chunk(name))
    assert {"a", "b"} == {each.vcenter for each in gather(handover, linger=FOR_EVER)}


def test_nobody_is_waited_for_once_the_batch_is_full() -> None:
    handover = Handover()
    lane, _ = two(handover)
    lane.submit(chunk("a", size=1000))
    assert 1 == len(gather(handover, linger=FOR_EVER, limit=1000))


def test_a_vcenter_that_is_ahead_waits_for_the_commit_and_the_others_do_not() -> None:
    handover = Handover()
    ahead, behind = two(handover)
    for _ in range(UNCOMMITTED):
        ahead.submit(chunk("a"))
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(ahead.submit, chunk("a", 99))
        behind.submit(chunk("b"))
        assert "b" in {each.vcenter for each in gather(handover, wait=FOR_EVER)}
        assert not waiting.done()
        handover.settle()
        waiting.result(10)
    assert [99] == [each.checkpoint.last_key for each in gather(handover)]


def test_what_is_not_settled_is_gathered_again_and_alone() -> None:
    handover = Handover()
    lane, later = two(handover)
    lane.submit(chunk("a"))
    first = gather(handover)
    later.submit(chunk("b"))
    assert first == gather(handover)
    handover.settle()
    assert [chunk("b")] == gather(handover)


def test_nothing_of_a_closed_lane_is_gathered_any_more() -> None:
    handover = Handover()
    closed, open_ = two(handover)
    closed.submit(chunk("a", 1))
    open_.submit(chunk("b", 1))
    assert 2 == len(gather(handover))
    closed.close()
    assert [chunk("b", 1)] == gather(handover)
    handover.settle()
    assert [] == gather(handover)


def test_a_closed_lane_is_not_waited_for() -> None:
    handover = Handover()
    closed, open_ = two(handover)
    closed.close()
    open_.submit(chunk("b"))
    assert [chunk("b")] == gather(handover, linger=FOR_EVER)


def test_closing_tells_whoever_waits() -> None:
    lane, told = Handover().lane(), threading.Event()

    def submit() -> None:
        try:
            for _ in range(UNCOMMITTED + 1):
                lane.submit(chunk("a"))
        except HandoverClosedError:
            told.set()

    with ThreadPoolExecutor() as pool:
        pool.submit(submit)
        lane.close()
        assert told.wait(10)
