from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from clients.kafka.record import Outgoing
from ingest.vcenter.checkpoint import Checkpoint
from ingest.vcenter.handover import UNCOMMITTED, Chunk, Handover, HandoverClosedError
from tests.ingest.vcenter.events import START

FOR_EVER = 60.0
AT_ONCE = 0.0


def chunk(vcenter: str, number: int = 0, size: int = 0) -> Chunk:
    checkpoint = Checkpoint(vcenter=vcenter, instance_uuid="4c", time=START, since=START, last_key=number)
    return Chunk(checkpoint, (Outgoing("t", b"x" * size),) if size else ())


def test_chunks_of_one_vcenter_keep_their_order() -> None:
    handover = Handover(vcenters=1)
    for number in range(UNCOMMITTED):
        handover.submit(chunk("a", number))
    gathered = handover.gather(wait=AT_ONCE, linger=AT_ONCE, limit=1)
    assert list(range(UNCOMMITTED)) == [each.checkpoint.last_key for each in gathered]


def test_nothing_to_gather_is_an_empty_list() -> None:
    assert [] == Handover(vcenters=1).gather(wait=AT_ONCE, linger=FOR_EVER, limit=1)


def test_nobody_is_waited_for_once_every_vcenter_has_given_something() -> None:
    handover = Handover(vcenters=2)
    handover.submit(chunk("a"))
    handover.submit(chunk("b"))
    assert {"a", "b"} == {each.vcenter for each in handover.gather(wait=AT_ONCE, linger=FOR_EVER, limit=1 << 30)}


def test_nobody_is_waited_for_once_the_batch_is_full() -> None:
    handover = Handover(vcenters=2)
    handover.submit(chunk("a", size=1000))
    assert 1 == len(handover.gather(wait=AT_ONCE, linger=FOR_EVER, limit=1000))


def test_a_vcenter_that_is_ahead_waits_for_the_commit_and_the_others_do_not() -> None:
    handover = Handover(vcenters=2)
    for _ in range(UNCOMMITTED):
        handover.submit(chunk("a"))
    with ThreadPoolExecutor() as pool:
        ahead = pool.submit(handover.submit, chunk("a", 99))
        handover.submit(chunk("b"))
        gathered = handover.gather(wait=FOR_EVER, linger=AT_ONCE, limit=1 << 30)
        assert "b" in {each.vcenter for each in gathered}
        assert not ahead.done()
        handover.settle(gathered)
        ahead.result(10)
    assert [99] == [each.checkpoint.last_key for each in handover.gather(wait=AT_ONCE, linger=AT_ONCE, limit=1)]


def test_closing_tells_whoever_waits() -> None:
    handover = Handover(vcenters=1)
    told = threading.Event()

    def submit() -> None:
        try:
            for _ in range(UNCOMMITTED + 1):
                handover.submit(chunk("a"))
        except HandoverClosedError:
            told.set()

    with ThreadPoolExecutor() as pool:
        pool.submit(submit)
        handover.close()
        assert told.wait(10)
