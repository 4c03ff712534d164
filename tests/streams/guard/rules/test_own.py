from __future__ import annotations

import pytest

from streams.guard import Ledger
from streams.guard.rules import own
from tests.streams.guard.asking import NOW, question, request, sink
from tests.streams.guard.decided import approved, slot


def test_events_of_our_own_actions_are_refused() -> None:
    assert "own_events: true" in (own.check(question(request(caused={"own": True}))) or "")


@pytest.mark.parametrize(("before", "refused"), [(None, False), (0, False), (1, True), (2, True)])
def test_a_chain_of_own_actions_ends(before: int | None, *, refused: bool) -> None:
    """An event of the last action on the entity has one hop more than that action."""
    ledger = Ledger([] if before is None else [approved(1, hops=before), approved(2, at=NOW - 1, hops=9)])
    asked = question(request(caused={"own": True}), ledger, sink=sink(own_events=True))
    assert refused == (own.check(asked) is not None)


def test_a_chain_may_be_longer_where_the_sink_says_so() -> None:
    asked = question(
        request(caused={"own": True}), Ledger([approved(1, hops=2)]), sink=sink(own_events=True, max_hops=3)
    )
    assert own.check(asked) is None
    assert 3 == asked.hops


def test_what_was_done_to_other_entities_is_of_no_account() -> None:
    ledger = Ledger([approved(1, on=slot(entity="vc1/vm-2"), hops=5)])
    assert 1 == question(request(caused={"own": True}), ledger).hops


@pytest.mark.parametrize(("hops", "refused"), [(0, False), (1, False), (2, True)])
def test_replies_of_destinations_count_like_actions(hops: int, *, refused: bool) -> None:
    assert refused == (own.check(question(request(caused={"hops": hops}))) is not None)
