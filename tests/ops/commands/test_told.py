"""What the audit says of a command is told in the words of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ops.commands.told import Told, acknowledged, told
from schemas.commands.errand import Errand
from schemas.remediation.answer import Answer
from streams.commanding import audit
from streams.commands import wording
from streams.commands.identities import by_command_line
from streams.commands.wording import Wording
from streams.guard.refusal import Refusal
from streams.remediation.audit import unanswered
from tests.ops.commands.giving import NOW, commands, given
from tests.streams.guard.asking import request
from tests.streams.trail.entries import entry, other, step

if TYPE_CHECKING:
    from ops.commands.given import Given

CONFIG = commands()


def after(name: str, made: Given, **more: Any) -> Told | None:
    """What is told of a step of the action that a command asks for."""
    found = step(name, **more)
    return told(found._replace(data={**found.data, "actionId": made.id, "requester": "anna"}), made, CONFIG)


def at_once(name: str, made: Given, said: Wording) -> Told | None:
    """What is told of what the role has said itself."""

    return told(entry(audit.told("dc", name, errand(made), said, at=NOW)), made, CONFIG)


def errand(made: Given) -> Errand:
    """As the role makes it."""
    return Errand(
        id=made.id,
        source=made.event.source,
        event=made.event.id,
        verb=made.command.verb,
        said=str(made.command),
        person=by_command_line(made.user),
    )


def test_that_it_is_on_its_way_is_told_with_the_command() -> None:
    assert Wording("ACK - Processing Command", "poweron\nweb-1") == acknowledged(given("poweron", "web-1")).said


@pytest.mark.parametrize(
    ("name", "more", "text", "good"),
    [
        ("started", {"changes": ["power on"]}, "VM web-1: poweron has begun.", True),
        ("succeeded", {"changes": ["power on"]}, "VM web-1 started successfully", True),
        ("succeeded", {}, "VM web-1: nothing was changed, it is as poweron wants it already.", True),
        ("planned", {"changes": ["power on"]}, "VM web-1: poweron would do this. This was a dry run.", True),
        ("refused", {"reason": "so", "rule": "deny"}, "Could not perform operation: so (deny)", False),
        ("failed", {"reason": "no host"}, "Could not perform operation: no host", False),
        ("unknown", {}, "VM web-1: nobody can tell whether poweron was done. Look at it before you try again.", False),
        ("approved", {"approver": "ben"}, "VM web-1: poweron was approved by ben.", True),
    ],
)
def test_a_step_of_its_action_is_told(name: str, more: dict[str, Any], text: str, good: bool) -> None:  # noqa: FBT001
    found = after(name, given("poweron", "WEB-1"), **more)
    assert found is not None
    assert (name, text, good) == (found.step, found.said.text, found.good)


def test_what_waits_says_until_when_for_whom_and_how() -> None:
    made = given("poweroff", "web-1")
    found = after("parked", made, expires=NOW, reason="power-off needs approval")
    assert found is not None
    assert "until 2026-05-28T20:26:40Z (power-off needs approval). ben may say it, or an operator." in found.said.text
    assert (True, True) == (found.good, found.said.final)
    assert f"reflexarc vm approve {made.id}" in found.said.code.splitlines()


def test_an_undo_is_known_by_the_command_that_asks_for_it() -> None:
    """Its action may have another id than the command."""
    made = given("undo", "0123456789abcdef")
    mine = step("succeeded", command={"id": made.id}, changes=["power on"])
    found = told(mine, made, CONFIG)
    assert found is not None
    assert (mine.action_id, "VM web-1: what was done is taken back.") == (found.id, found.said.text)
    assert told(step("succeeded", command={"id": "f" * 16}), made, CONFIG) is None


@pytest.mark.parametrize("name", ["requested", "approved"])
def test_what_is_no_news_is_not_told(name: str) -> None:
    assert after(name, given("poweron", "web-1")) is None


def test_what_others_hear_is_not_told() -> None:
    made, others = given("poweron", "web-1"), given("poweron", "web-1")
    assert told(step("succeeded"), made, CONFIG) is None
    assert told(other(), made, CONFIG) is None
    record = audit.told("dc", "answered", errand(others), wording.answer("yes"), at=NOW)
    assert told(entry(record), made, CONFIG) is None


def test_an_answer_is_told_with_what_is_shown_below_it() -> None:
    found = at_once("answered", given("help"), wording.answer("Words.", "poweron <vm>"))
    assert Told("answered", Wording("Words.", "poweron <vm>", final=True)) == found


def test_a_refusal_of_the_role_is_its_end() -> None:
    found = at_once("refused", given("poweron", "web-1"), wording.answer("You may not."))
    assert Told("refused", Wording("You may not.", final=True), good=False) == found


def test_what_is_not_believed_is_its_end() -> None:
    made = given("poweron", "web-1")
    found = told(entry(audit.disbelieved("dc", made.event, "signed elsewhere", at=NOW)), made, CONFIG)
    assert found is not None
    assert (True, False) == (found.said.final, found.good)
    assert "that cli/anna has asked: signed elsewhere" in found.said.text
    assert told(entry(audit.disbelieved("dc", given("echo").event, "no", at=NOW)), made, CONFIG) is None


def test_an_undo_is_followed_by_the_id_of_its_command() -> None:
    """Its action has another one: that of the undo, whoever asks for it."""
    made = given("undo", "a" * 16)
    found, parked = (
        step(each)._replace(
            data={"actionId": "b" * 16, "command": {"id": made.id}, "requester": "anna", "entity": {"name": "web-1"}}
        )
        for each in ("succeeded", "parked")
    )
    ended, asking = told(found, made, CONFIG), told(parked, made, CONFIG)
    assert ended is not None
    assert asking is not None
    assert ("succeeded", True) == (ended.step, ended.said.final)
    assert asking.said.code.startswith(f"reflexarc vm approve {'b' * 16}\n")
    assert told(found, given("undo", "a" * 16), CONFIG) is None


def test_what_went_wrong_is_told() -> None:
    """By the role itself, and where the role has given it up."""
    made = given("poweron", "web-1")
    said = at_once("failed", made, wording.answer("Something went wrong here"))
    given_up = told(entry(audit.failed("dc", made.event, "it did not end", at=NOW)), made, CONFIG)
    assert said is not None
    assert given_up is not None
    assert [("failed", False, True), ("refused", False, True)] == [
        (each.step, each.good, each.said.final) for each in (said, given_up)
    ]
    assert "it was given up: it did not end" in given_up.said.text


@pytest.mark.parametrize(
    ("verb", "name", "good"),
    [("approve", "approved", True), ("approve", "refused", False), ("refuse", "refused", True)],
)
def test_what_an_answer_has_made_of_it_is_told(verb: str, name: str, good: bool) -> None:  # noqa: FBT001
    asked = step(name, approver="ben")
    found = told(asked, given(verb, asked.action_id, user="ben"), CONFIG)
    assert found is not None
    assert (f"Command {asked.action_id} was {name} by ben.", True, good) == (
        found.said.text,
        found.said.final,
        found.good,
    )


def test_an_answer_in_vain_is_told_to_whoever_has_given_it() -> None:
    asked = request()
    answer = Answer(id=asked.id, scope=asked.scope, approve=True, person="anna", at=NOW)
    no = Refusal("requester", "let somebody else approve")
    found = entry(unanswered("dc", "decide", answer, no, asked, place="t/0/1", at=NOW))
    mine = told(found, given("approve", asked.id), CONFIG)
    assert Told("refused", wording.answer("Could not perform operation: let somebody else approve"), good=False) == mine
    assert told(found, given("approve", asked.id, user="ben"), CONFIG) is None
