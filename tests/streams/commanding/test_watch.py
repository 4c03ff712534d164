"""What is known of actions."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.config import KafkaConfig
from schemas.remediation.answer import Answer
from streams.commanding.known import Known
from streams.commanding.watch import MOST, Watch
from streams.guard.refusal import Refusal
from streams.remediation.audit import unanswered
from tests.streams.guard.asking import NOW, request
from tests.streams.trail.entries import entry, step

STEPS = ("requested", "approved", "started", "succeeded")


def watch() -> Watch:
    """One that reads nothing."""
    return Watch(KafkaConfig(bootstrap="127.0.0.1:1"), group="g")


def known(id_: str = "a" * 16, step_: str = "requested", at: str = "2026-01-01T00:00:00.000Z", **said: Any) -> Known:
    """A step of an action."""
    return Known(id_, step_, at, "power-on", "web-1", "vc1", "anna", "poweron", "")._replace(**said)


def test_an_entry_of_the_audit_says_how_an_action_stands() -> None:
    found = Known.of(step("approved", command={"person": "anna", "verb": "poweron"}))
    assert found is not None
    assert ("approved", "anna", "poweron") == (found.step, found.person, found.verb)


def test_what_changes_nothing_is_no_step() -> None:
    """Who may not say yes leaves what waits as it is, and an answer to nothing makes nothing known."""
    asked = request()
    answer = Answer(id=asked.id, scope=asked.scope, approve=True, person="anna", at=NOW)
    for about in (asked, None):
        vain = unanswered("dc", "decide", answer, Refusal("requester", "no"), about, place="t/0/1", at=NOW)
        assert None is Known.of(entry(vain))


@given(order=st.permutations(STEPS))
def test_the_last_step_stands_in_whatever_order_steps_are_heard(order: list[str]) -> None:
    """After a fault the audit is read again from its beginning."""
    ours = watch()
    for name in [*order, *STEPS]:
        ours.hear(known(step_=name, at=f"2026-01-01T00:00:0{STEPS.index(name)}.000Z"))
    found = ours.get("a" * 16)
    assert found is not None
    assert "succeeded" == found.step


def test_the_newest_come_first_and_no_more_than_wanted() -> None:
    ours = watch()
    for number in range(9):
        ours.hear(known(f"{number:016x}", person="anna" if number % 2 else "ben"))
    assert [7, 5] == [int(each.id, 16) for each in ours.latest(lambda each: each.person == "anna", 2)]


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    ours = watch()
    for number in range(MOST + 1):
        ours.hear(known(f"{number:016x}"))
    assert (True, False) == (ours.get(f"{0:016x}") is None, ours.get(f"{1:016x}") is None)
