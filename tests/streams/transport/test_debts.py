from __future__ import annotations

from collections import deque

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from streams.transport.debts import Debts


class Owing(RuleBasedStateMachine):
    """Against the obvious: a report passes when every debt that is older than it is paid, in the order of reports."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: deque[int] = deque()
        self.debts = Debts(self.passed)
        self.unpaid: set[int] = set()
        self.reports: list[tuple[int, frozenset[int]]] = []

    @rule()
    def owe(self) -> None:
        self.unpaid.add(self.debts.owe())

    @rule(count=st.integers(1, 3))
    def report(self, count: int) -> None:
        offsets = range(len(self.reports), len(self.reports) + count)
        self.debts.report(offsets)
        self.reports += [(offset, frozenset(self.unpaid)) for offset in offsets]

    @precondition(lambda self: self.unpaid)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.unpaid)))
        self.unpaid.discard(number)
        self.debts.pay(number)

    @invariant()
    def a_report_passes_behind_what_was_owed_before_it(self) -> None:
        assert [offset for offset, owed in self.reports if not owed & self.unpaid] == list(self.passed)

    @invariant()
    def open_is_whether_anything_is_owed(self) -> None:
        assert bool(self.unpaid) == self.debts.open


def test_nothing_passes_and_nothing_is_waited_for_once_a_write_was_forfeited() -> None:
    passed = deque[int]()
    debts = Debts(passed)
    debts.report((1,))
    first, second = debts.owe(), debts.owe()
    debts.report((2,))
    debts.forfeit()
    debts.report((3,))
    debts.pay(first)
    debts.pay(second)
    debts.report((4,))
    assert (deque([1]), False) == (passed, debts.open)


TestOwing = Owing.TestCase
