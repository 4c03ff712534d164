from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.transport.ledger import Ledger


def ledger_of(*offsets: int) -> Ledger:
    ledger = Ledger()
    for offset in offsets:
        ledger.deliver(offset, 10)
    return ledger


def test_nothing_is_committable_before_anything_is_done() -> None:
    assert ledger_of(5, 6).committable() is None


def test_an_unfinished_record_at_the_head_holds_back_everything_behind_it() -> None:
    ledger = ledger_of(0, 1, 2)
    ledger.done(1)
    ledger.done(2)
    assert ledger.committable() is None


def test_gaps_of_the_log_never_matter() -> None:
    ledger = ledger_of(3, 7, 900)
    for offset in (900, 3, 7):
        ledger.done(offset)
    assert ledger.committable() == 901


def test_a_finished_prefix_is_committable_once() -> None:
    ledger = ledger_of(0, 1)
    ledger.done(0)
    assert (ledger.committable(), ledger.committable()) == (1, None)


def test_reports_of_records_that_were_not_delivered_change_nothing() -> None:
    ledger = ledger_of(10)
    ledger.done(4)
    ledger.done(10)
    assert (ledger.committable(), ledger.span) == (11, 0)


def test_span_and_bytes_cover_what_is_not_yet_committable() -> None:
    ledger = ledger_of(0, 1, 2)
    ledger.done(0)
    ledger.done(2)
    ledger.committable()
    assert (ledger.span, ledger.bytes) == (2, 20)


@given(
    st.lists(st.integers(min_value=1, max_value=5), min_size=1, max_size=60).flatmap(
        lambda steps: st.tuples(st.just(steps), st.permutations(range(len(steps))), st.integers(0, len(steps)))
    )
)
def test_the_commit_never_passes_the_first_unfinished_record(
    case: tuple[list[int], list[int], int],
) -> None:
    steps, order, count = case
    offsets = [sum(steps[: i + 1]) for i in range(len(steps))]
    ledger = ledger_of(*offsets)
    committed = None
    done: set[int] = set()
    for index in order[:count]:
        ledger.done(offsets[index])
        done.add(offsets[index])
        committed = ledger.committable() or committed
    unfinished = [offset for offset in offsets if offset not in done]
    finished_prefix = [offset for offset in offsets if not unfinished or offset < unfinished[0]]
    assert committed == (finished_prefix[-1] + 1 if finished_prefix else None)
