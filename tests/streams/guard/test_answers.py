from __future__ import annotations

import pytest

from streams.guard.answers import made, objection, same_person
from tests.streams.guard.asking import NOW, answer, request
from tests.streams.guard.decided import approved, parked, refused

CHAT = request(requester="slack/T1/anna")
WAITING = parked(1, request=CHAT)


@pytest.mark.parametrize(
    ("person", "requester", "expected"),
    [
        ("cli/anna", "cli/anna", True),
        ("cli/anna", "slack/T1/Anna ", True),
        ("cli/\uff41nna", "slack/anna", True),
        ("anna", "cli/anna", True),
        ("cli/bob", "cli/anna", False),
        ("cli/act", "sink/act", False),
    ],
)
def test_nobody_is_two_persons(person: str, requester: str, *, expected: bool) -> None:
    assert expected == same_person(person, requester)


def test_anybody_else_may_answer() -> None:
    assert objection(answer(WAITING.id, person="cli/bob"), WAITING, CHAT, NOW) is None


def test_who_has_asked_may_only_say_no() -> None:
    found = objection(answer(WAITING.id), WAITING, CHAT, NOW)
    assert "requester" == (found and found.rule)
    assert objection(answer(WAITING.id, approve=False), WAITING, CHAT, NOW) is None


@pytest.mark.parametrize(
    ("decision", "expected"),
    [(None, "unknown"), (approved(1, approver="cli/eve"), "answered"), (refused(1), "answered")],
)
def test_only_what_is_parked_can_be_answered(decision: object, expected: str) -> None:
    found = objection(answer("1" * 16), decision, None, NOW)
    assert expected == (found and found.rule)


def test_who_has_answered_before_is_named() -> None:
    found = objection(answer("1" * 16), approved(1, approver="cli/eve"), None, NOW)
    assert "1111111111111111 is approved already by cli/eve" == (found and found.reason)


@pytest.mark.parametrize(("after", "expected"), [(3599, None), (3600, "expired")])
def test_it_can_be_answered_until_it_expires(after: float, expected: str | None) -> None:
    found = objection(answer(WAITING.id, person="cli/bob", at=NOW + after), WAITING, CHAT, NOW + after)
    assert expected == (found and found.rule)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (60, None),
        (61, "the answer is 61s old, 60s are allowed; answer again"),
        (-60, None),
        (-61, "the answer is 61s ahead of our clock, 60s are allowed; set both clocks right (NTP)"),
    ],
)
@pytest.mark.parametrize("approve", [True, False])
def test_an_answer_does_not_count_for_long(age: float, expected: str | None, *, approve: bool) -> None:
    given = answer(WAITING.id, person="cli/bob", approve=approve, at=NOW + 100 - age)
    found = objection(given, WAITING, CHAT, NOW + 100)
    assert expected == (found and found.reason)


def test_an_answer_for_another_scope_is_not_this_ones() -> None:
    found = objection(answer(WAITING.id, person="cli/bob", scope="vc2"), WAITING, CHAT, NOW)
    assert "unknown" == (found and found.rule)


@pytest.mark.parametrize(
    ("approve", "person", "state", "expected"),
    [
        (True, "cli/anna", None, True),
        (False, "cli/anna", None, False),
        (True, "cli/bob", None, False),
        (True, "cli/anna", "failed", False),
    ],
)
def test_an_answer_that_comes_again_is_known(approve: bool, person: str, state: str, *, expected: bool) -> None:  # noqa: FBT001
    decision = approved(1, approver="cli/anna", state=state)
    assert expected == made(answer(decision.id, approve=approve, person=person), decision)
