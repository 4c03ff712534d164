from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from ingest.vcenter.publishing.handover import Handover, HandoverClosedError
from ingest.vcenter.sharing.tails import Tails
from schemas.errors import ReflexarcError
from tests.ingest.vcenter.publishing.test_handover import chunk, gather
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ingest.vcenter.publishing.handover import Lane


class StandIn:
    """A tail that submits one chunk and a last one when it is told to stop; or crashes."""

    def __init__(self, vcenter: str, lane: Lane, *, crashes: bool = False) -> None:
        self.following = False
        self.refused = threading.Event()
        self.left = threading.Event()
        self._vcenter = vcenter
        self._lane = lane
        self._crashes = crashes

    def run(self, stop: threading.Event) -> None:
        if self._crashes:
            return
        self._lane.submit(chunk(self._vcenter, 1))
        self.following = True
        assert stop.wait(10)
        try:
            self._lane.submit(chunk(self._vcenter, 2))
        except HandoverClosedError:
            self.refused.set()

    def leave(self) -> None:
        self.left.set()


class Made:
    """The tails made, by vCenter, and the handover they lead to."""

    def __init__(self, *, crash: str = "") -> None:
        self.handover = Handover()
        self.stand_ins: dict[str, StandIn] = {}
        self._crash = crash
        self.tails = Tails(self._make, self.handover)

    def _make(self, vcenter: str, checkpoint: Checkpoint | None, lane: Lane) -> Any:
        assert checkpoint is None
        self.stand_ins[vcenter] = StandIn(vcenter, lane, crashes=vcenter == self._crash)
        return self.stand_ins[vcenter]

    def start(self, vcenter: str) -> StandIn:
        self.tails.start(vcenter, None)
        wait_for(lambda: self.tails.following(vcenter))
        return self.stand_ins[vcenter]


def test_what_a_stopped_tail_has_read_is_not_committed() -> None:
    made = Made()
    stopped = made.start("a")
    made.tails.stop("a")
    assert stopped.refused.wait(10)
    assert [] == gather(made.handover)
    assert frozenset() == made.tails.names()


def test_the_others_go_on() -> None:
    made = Made()
    made.start("a")
    made.start("b")
    made.tails.stop("a")
    assert [chunk("b", 1)] == gather(made.handover)
    assert made.tails.following("b")
    made.tails.close(10)


def test_a_vcenter_that_comes_back_has_a_tail_of_its_own() -> None:
    made = Made()
    before = made.start("a")
    made.tails.stop("a")
    assert before.left.is_set()  # its gauges are gone before those of the next one come
    after = made.start("a")
    assert before is not after
    assert not after.left.is_set()
    assert [chunk("a", 1)] == gather(made.handover)
    made.tails.close(10)
    assert after.refused.is_set()


def test_what_was_read_is_handed_over_at_the_end() -> None:
    made = Made()
    made.start("a")
    assert not made.tails.ended()
    made.tails.finish()
    wait_for(made.tails.ended)
    assert [chunk("a", 1), chunk("a", 2)] == gather(made.handover)


def test_a_tail_that_ends_unasked_is_an_error() -> None:
    made = Made(crash="a")
    made.tails.start("a", None)
    with pytest.raises(ReflexarcError, match="tail-a ended unasked"):
        wait_for(made.tails.ended)
