from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.commands.errand import Errand
from schemas.remediation.undo import Undo
from streams.guard import Ledger
from streams.guard.rules import approval
from tests.streams.guard.asking import NOW, entity, question, request, sink
from tests.streams.guard.decided import parked

if TYPE_CHECKING:
    from streams.guard.question import Question


def ask(action: str = "power-on", caused: dict[str, Any] | None = None, *waiting: Any, **said: Any) -> Question:
    return question(request(action=action, caused=caused), Ledger(waiting), sink=sink(action, **said))


@pytest.mark.parametrize(
    ("action", "said", "expected"),
    [
        ("power-on", "default", False),
        ("power-on", "always", True),
        ("hard-reset", "default", True),
        ("power-off", "default", True),
        ("enter-maintenance", "default", True),
        ("exit-maintenance", "default", False),
        ("hard-reset", "never", False),
        ("scale", "default", False),
    ],
)
def test_a_person_is_asked_as_the_action_needs_it_or_the_sink_says(action: str, said: str, *, expected: bool) -> None:
    assert expected == (approval.needed(ask(action, approval=said)) is not None)


@pytest.mark.parametrize(
    ("caused", "expected"),
    [
        ({}, False),
        ({"vcenter": None, "source": "https://logs/alerts"}, True),
        ({"vcenter": None, "source": "https://siem/a/b"}, False),
        ({"vcenter": None, "source": "HTTPS://SIEM/a"}, True),
    ],
)
def test_nobody_is_cut_off_on_the_word_of_a_sender_who_is_not_trusted(
    caused: dict[str, Any], *, expected: bool
) -> None:
    asked = ask("disconnect-vnic", caused, trusted_senders=["https://siem/*"])
    assert expected == (approval.needed(asked) is not None)


def taken_back(action: str, *, event: str, said: str = "default") -> Question:
    """An undo that is asked for in person, by a command whose event is ``event``."""
    undo = Undo(id="a" * 16, sink="act", action=action, entity="vc1/vm-1", before={"a": 1}, person="anna", at=NOW)
    errand = Errand(id="b" * 16, source="/s", event=event, verb="undo", said="undo", person="anna")
    asked = request(undo.event, action=action, undo=undo, errand=errand)
    return question(asked, sink=sink(action, approval=said))


@pytest.mark.parametrize(
    ("action", "expected"),
    [("power-on", True), ("create", True), ("clone", True), ("quarantine", False), ("power-off", False)],
)
def test_an_undo_by_command_is_as_what_it_does_and_an_operator_s_is_asked_for_already(
    action: str, *, expected: bool
) -> None:
    """To take back poweron is to pull the plug."""
    command = taken_back(action, event="e1")
    assert expected == (approval.needed(command) is not None)
    assert command.request.undo is not None
    assert approval.needed(taken_back(action, event=command.request.undo.event)) is None


def test_other_actions_do_not_hang_on_the_sender() -> None:
    assert approval.needed(ask("power-on", {"vcenter": None, "source": "https://logs/alerts"})) is None


@pytest.mark.parametrize(("action", "room"), [("power-off", 2), ("disconnect-vnic", 3)])
def test_only_so_many_wait_and_urgent_ones_have_places_of_their_own(
    monkeypatch: pytest.MonkeyPatch, action: str, room: int
) -> None:
    monkeypatch.setattr(approval, "MOST", 3)
    monkeypatch.setattr(approval, "RESERVED", 1)
    waiting = [parked(number) for number in range(room)]
    assert approval.check(ask(action, None, *waiting[1:], approval="always")) is None
    reason = approval.check(ask(action, None, *waiting, approval="always"))
    assert f"{room} requests wait for approval already" in (reason or "")
    assert approval.check(ask(action, None, *waiting, approval="never")) is None


def test_what_is_too_large_to_be_kept_is_not_parked() -> None:
    large = entity(tags=tuple(f"{'x' * 4000}/{number}" for number in range(60)))
    asked = question(request(on=large), sink=sink(approval="always"))
    assert "too large to wait" in (approval.check(asked) or "")


@pytest.mark.parametrize(("who", "expected"), [("anna", True), ("ben", False)])
def test_nobody_takes_the_room_of_others(monkeypatch: pytest.MonkeyPatch, who: str, *, expected: bool) -> None:
    """Anna has as many requests waiting as one may have; events, and ben, are not held up by them."""
    monkeypatch.setattr(approval, "OF_ONE", 3)
    waiting = Ledger(parked(number, request=request(f"e{number}", requester="anna")) for number in range(3))
    asked = request("new", action="hard-reset", requester=who)
    of_a_sink = question(asked, waiting, sink=sink("hard-reset"))
    of_a_person = replace(of_a_sink, limits=replace(of_a_sink.limits, told=True))
    assert (expected, False) == (
        approval.check(of_a_person) is not None,
        approval.check(of_a_sink) is not None,
    )


def test_whose_request_was_answered_may_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval, "OF_ONE", 1)
    one = parked(1, request=request("e1", requester="anna"))
    ledger = Ledger([one])
    ledger.put(one.model_copy(update={"verdict": "refused", "request": None, "slot": None}))
    asked = question(request("new", action="hard-reset", requester="anna"), ledger, sink=sink("hard-reset"))
    assert approval.check(replace(asked, limits=replace(asked.limits, told=True))) is None
