from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from clients.kafka.place import Place, Stored
from ops import audit
from ops.demo.crisis.book import Book, Deed
from streams.trail.entry import Entry
from tests.ops.demo.crisis.telling import hear
from tests.streams.guard.asking import NOW, request

if TYPE_CHECKING:
    from collections.abc import Sequence

WHO = "vc1/web-1"


class Silence:
    """An audit in which nothing more comes."""

    def read(self, seconds: float) -> Sequence[Entry]:
        assert seconds < 1
        return ()


def empty() -> Book:
    silent: Any = Silence()
    return Book(silent)


def known(book: Book, number: int = 0) -> Deed:
    deed = book.find("act", WHO, number)
    assert deed is not None
    return deed


@pytest.mark.parametrize(
    ("steps", "decided", "outcome", "over"),
    [
        ([("requested", {})], "nothing", "-", False),
        ([("approved", {})], "approved", "-", False),
        ([("approved", {}), ("started", {}), ("succeeded", {})], "approved", "succeeded", True),
        ([("approved", {}), ("refused", {"reason": "too late"})], "approved, refused", "refused", True),
        ([("refused", {"rule": "deny", "reason": "no"})], "refused by deny", "-", True),
        ([("parked", {"rule": "approval"})], "parked", "-", False),
        (
            [("parked", {}), ("approved", {"approver": "cli/anna"}), ("unknown", {})],
            "parked, approved by cli/anna",
            "unknown",
            True,
        ),
    ],
)
def test_what_was_decided_and_how_it_ended_is_read_off_the_audit(
    steps: list[tuple[str, dict[str, Any]]],
    decided: str,
    outcome: str,
    over: bool,  # noqa: FBT001 - a parameter
) -> None:
    book = empty()
    for step, more in steps:
        hear(book, "e1", step, **more)
    deed = known(book)
    assert (decided, outcome, over) == (deed.decided, deed.outcome, deed.is_over)


def test_the_last_word_says_when_and_why() -> None:
    book = empty()
    hear(book, "e1", "approved")
    hear(book, "e1", "failed", at=NOW + 2, reason="no such disk")
    assert (NOW + 2, "no such disk") == (known(book).ended_at, known(book).reason)


def test_requests_for_one_machine_stay_in_the_order_in_which_they_were_heard_of() -> None:
    book = empty()
    hear(book, "e2", "requested")
    hear(book, "e1", "refused", rule="cool-down")
    hear(book, "e2", "approved")
    assert ["approved", "refused by cool-down"] == [known(book, number).decided for number in (0, 1)]
    assert book.find("act", WHO, 2) is None


def test_another_sink_and_another_machine_are_other_requests() -> None:
    book = empty()
    hear(book, "e1", "approved", sink="other")
    assert book.find("act", WHO) is None
    assert book.find("other", "vc2/web-1") is None


def test_what_is_about_no_action_is_passed_by() -> None:
    book = empty()
    record = audit.switched("t", audit.REMEDIATION_PAUSED, actor="anna", reason="", now=datetime.now(UTC))
    book.hear(Entry.of(Place("t.audit", 0, 0), Stored(None, record.value, record.headers, 0)))
    assert book.find("act", WHO) is None


def test_what_one_sink_has_asked_for_is_told_in_the_order_in_which_it_was_heard() -> None:
    book = empty()
    assert [] == book.of("act")
    for event in ("e2", "e1"):
        hear(book, event, "approved")
    assert [[request(event).id for event in ("e2", "e1")], []] == [
        [deed.id for deed in book.of(sink)] for sink in ("act", "other")
    ]
