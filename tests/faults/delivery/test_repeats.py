from __future__ import annotations

from dataclasses import replace

from tests.faults.delivery.repeats import Charge, Mark, charge

PLACES = {seq: (seq % 2, seq // 2) for seq in range(10)}
KILL = Mark(under_way=5, sent=4, taken=4, committed={0: 1, 1: 1}, in_hand=1, forgets=True)


def test_a_kill_is_charged_with_what_was_not_committed() -> None:
    """2 and 3 were finished and not committed, 4 in hand: three may come again, and the first two do."""
    assert ([Charge(2, 3)], 0) == charge([KILL], [0, 1, 2, 3, 2, 3, 4, 5], PLACES)


def test_what_was_committed_before_is_nobodys_due() -> None:
    """0 and 1 come again although the commit was behind them."""
    assert ([Charge(0, 3)], 2) == charge([KILL], [0, 1, 2, 3, 0, 1], PLACES)


def test_a_repetition_before_any_fault_is_nobodys_due() -> None:
    """2 comes again before the kill."""
    assert ([Charge(0, 2)], 1) == charge([KILL], [0, 1, 2, 2], PLACES)


def test_the_latest_fault_is_charged() -> None:
    """2 was open at both kills, 4 at the second one only."""
    later = replace(KILL, sent=5, taken=6, committed={0: 1, 1: 2})
    assert ([Charge(0, 3), Charge(2, 4)], 0) == charge([KILL, later], [0, 1, 2, 3, 4, 5, 2, 4], PLACES)


def test_what_was_sent_after_a_fault_is_not_its_due() -> None:
    """5 was sent after the kill, and came twice."""
    assert ([Charge(0, 3)], 1) == charge([KILL], [0, 1, 2, 3, 4, 5, 5], PLACES)


def test_a_fault_that_may_cost_nothing_is_charged_with_what_no_other_explains() -> None:
    """The router dies after a worker: 2 was open at both, 5 when the router died."""
    router = replace(KILL, sent=5, taken=6, in_hand=0, forgets=False)
    assert ([Charge(1, 3), Charge(1, 0)], 0) == charge([KILL, router], [0, 1, 2, 3, 4, 5, 2, 5], PLACES)


def test_a_sink_that_fell_is_charged_with_what_it_had_in_hand_alone() -> None:
    """The workers remember what is finished: one may come again, two are too many."""
    fallen = replace(KILL, forgets=False)
    [(one), (two)] = (charge([fallen], [0, 1, 2, 3, *again], PLACES)[0][0] for again in ([3], [2, 3]))
    assert (True, False) == (one.fair, two.fair)


def test_some_faults_may_cost_any_number() -> None:
    """A zombie does not know that others have taken over."""
    [only], strays = charge([replace(KILL, in_hand=None, committed={})], [0, 1, 2, 3, 0, 1, 2, 3], PLACES)
    assert (True, 4, 0) == (only.fair, only.repeats, strays)
