from __future__ import annotations

from typing import TYPE_CHECKING

from ops.demo.crisis.tale import Row, row, told
from tests.ops.demo.crisis.telling import hear
from tests.ops.demo.crisis.test_book import WHO, empty
from tests.streams.guard.asking import NOW

if TYPE_CHECKING:
    from ops.demo.crisis.book import Book, Deed


def done(book: Book) -> Deed | None:
    hear(book, "e1", "approved")
    hear(book, "e1", "succeeded", at=NOW + 0.5, reason="as planned")
    return book.find("act", WHO)


def told_of(deed: Deed | None, *, decided: str = "approved", outcome: str = "succeeded", true: bool = True) -> Row:
    return row("alarm", deed, NOW, "1 → 2", decided=decided, outcome=outcome, true=true)


def test_what_came_true_has_no_fault() -> None:
    assert Row("alarm", "approved", "succeeded", "1 → 2", 500.0) == told_of(done(empty()))


def test_a_row_is_told_in_words() -> None:
    assert "alarm: approved and succeeded; the vCenter says 1 → 2" == str(told_of(done(empty())))
    assert "alarm: nothing; the vCenter says 1 → 2" == str(told_of(None))


def test_another_decision_is_a_fault() -> None:
    assert ("alarm: approved, not refused by deny (as planned)",) == told_of(
        done(empty()), decided="refused by deny"
    ).faults


def test_another_end_is_a_fault() -> None:
    assert ("alarm: ended as succeeded, not - (as planned)",) == told_of(done(empty()), outcome="-").faults


def test_an_effect_that_the_vcenter_does_not_show_is_a_fault() -> None:
    assert ("alarm: the vCenter says 1 → 2",) == told_of(done(empty()), true=False).faults


def test_what_nobody_has_heard_of_is_a_fault() -> None:
    silent = told_of(None)
    assert ("nothing", "-", None) == (silent.decided, silent.outcome, silent.ms)
    assert ("alarm: the audit has heard nothing of it",) == silent.faults


def test_the_faults_of_its_rows_are_the_failures_of_a_story() -> None:
    good, bad = told_of(done(empty())), told_of(None)
    assert bad.faults == told("d", "title", good, bad).failures
