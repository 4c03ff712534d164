"""What follows an action after some time: files in quarantine are deleted, if somebody agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas import topics
from schemas.commands.errand import Errand
from schemas.config import CommandsConfig
from schemas.remediation.appointment import Appointment
from schemas.remediation.later import Later
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import Request, request_id
from schemas.remediation.undo import Undo, source
from streams.guard import commanded
from streams.guard.guard import Guard
from streams.remediation.deciding.diary import DAILY, PATIENT
from streams.remediation.following import following
from tests.streams.guard.asking import NOW, answer, entity, general, outcome, request, sink
from tests.streams.remediation.deciding.deciding import RING, Role
from tests.streams.remediation.deciding.test_diary import look

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = 86_400.0
MARK = "0123456789abcdef"
AWAY = "[LocalDS_0] reflexarc-quarantine/0123456789abcdef-web"
PURGE: dict[str, Any] = {"path": AWAY, "mark": MARK, "folder": "reflexarc-quarantine"}


def quarantine() -> Request:
    """What anna has asked for in a channel; its files may be deleted after a fortnight."""
    name, event = commanded.name("nuke"), "E1"
    id_ = request_id(name, "https://vc1/sdk", event)
    said: dict[str, Any] = {
        "id": id_,
        "source": "https://vc1/sdk",
        "event": event,
        "verb": "nuke",
        "said": "nuke web web",
    }
    errand = Errand(**said, vm="web", person="anna", replies="chat", team="T1A", channel="C1A", user="U1A", address="x")
    store = entity(kind="Datastore", moref="datastore-1", name="LocalDS_0")
    later = Later(verb="purge", action="purge", parameters=PURGE, entity=store, after=14 * DAY)
    given = {"path": "[LocalDS_0] web/web.vmx", "mark": MARK}
    return request(
        event, sink=name, action="quarantine", parameters=given, requester="anna", errand=errand, later=later
    )


def ended(of: Request, state: Any = "succeeded") -> bytes:
    """Its outcome, with what follows it."""
    assert of.entity is not None
    due = NOW + 14 * DAY
    made = Appointment(id=of.id, due=due, at=due, request=of, entity=of.entity)
    return outcome(of.id, state).model_copy(update={"appointment": made}).signed(RING).encode()


def asked(role: Role) -> Sequence[Request]:
    """What was asked for by itself."""
    return [Request.decode(each.value or b"") for _, each in role.app.sent if each.topic == topics.requests("p")]


def replies(role: Role) -> list[str]:
    """Steps that the chat was told."""
    sent = [each for _, each in role.app.sent if each.topic == topics.sink("p", "chat")]
    return [dict(each.headers)["ce_subject"].decode() for each in sent]


async def begun() -> Role:
    """A role that has decided on a quarantine, and heard that it was done."""
    limits = Guard(general(), {"act": sink()}, commanded.verbs(CommandsConfig()))
    role, of = Role(limits), quarantine()
    await role.ask(of.signed(RING).encode())
    await role.say(ended(of))
    return role


async def test_it_is_asked_for_when_it_is_time_and_not_before_and_waits_for_another_person() -> None:
    role = await begun()
    await look(role, 14 * DAY - 1)
    assert [] == asked(role)
    await look(role, 14 * DAY)
    (purge,) = asked(role)
    purge.believe(RING)
    assert ("purge", PURGE, "datastore-1") == (purge.action, purge.parameters, purge.entity and purge.entity.moref)
    assert ("anna", NOW + 14 * DAY, "") == (purge.requester, purge.cause.time, purge.errand and purge.errand.address)
    await role.ask(purge.encode(), first=1)
    await role.say(answer(purge.id, person="anna", at=role.now).signed(RING).encode(), first=1)
    assert [purge.id] == [*role.decider._shares[0].parked]
    await role.say(answer(purge.id, person="ben", at=role.now).signed(RING).encode(), first=2)
    assert ([], ["parked", "approved"]) == ([*role.decider._shares[0].parked], replies(role)[-2:])


async def test_it_is_asked_for_again_a_day_later_as_something_new_and_not_for_ever() -> None:
    role = await begun()
    for day in range(40):
        await look(role, 14 * DAY + day * DAILY)
    ids = [each.id for each in asked(role)]
    assert (round(PATIENT / DAILY) + 1, []) == (len(ids), [*role.app.kept["appointments"]])
    assert len(ids) == len({*ids})
    (told,) = role.app.told("abandoned")
    assert ("quarantine", "anna") == (told["action"], told["command"]["person"])


async def test_once_it_was_done_it_is_not_asked_for_again() -> None:
    role = await begun()
    await look(role, 14 * DAY)
    (purge,) = asked(role)
    await role.ask(purge.encode(), first=1)
    await role.say(answer(purge.id, person="ben", at=role.now).signed(RING).encode(), first=1)
    await role.say(outcome(purge.id, at=role.now).signed(RING).encode(), first=2)
    await look(role, 20 * DAY)
    assert ([purge], []) == (asked(role), [*role.app.kept["appointments"]])


@pytest.mark.parametrize("state", ["failed", "planned", "refused"])
async def test_one_that_was_not_done_is_asked_for_again(state: Any) -> None:
    role = await begun()
    await look(role, 14 * DAY)
    (purge,) = asked(role)
    await role.ask(purge.encode(), first=1)
    await role.say(answer(purge.id, person="ben", at=role.now).signed(RING).encode(), first=1)
    await role.say(outcome(purge.id, state, at=role.now).signed(RING).encode(), first=2)
    await look(role, 15 * DAY)
    assert 2 == len(asked(role))


async def test_a_machine_that_is_brought_back_is_not_deleted() -> None:
    role, of = await begun(), quarantine()
    assert of.entity is not None
    name = commanded.name("nuke")
    undo = Undo(
        id=of.id,
        sink=name,
        action="quarantine",
        entity=of.entity.key,
        before={"name": "web"},
        person="cli/anna",
        at=NOW,
    ).signed(RING)
    back = of.model_copy(
        update={
            "id": request_id(name, source("p"), undo.event),
            "undo": undo,
            "later": None,
            "cause": of.cause.model_copy(
                update={"source": source("p"), "id": undo.event, "time": NOW, "vcenter": None}
            ),
        }
    )
    await role.ask(back.signed(RING).encode(), first=1)
    await role.say(Outcome(id=back.id, scope="vc1", state="succeeded", at=NOW).signed(RING).encode(), first=1)
    await look(role, 20 * DAY)
    assert ([], []) == (asked(role), [*role.app.kept["appointments"]])


async def test_nothing_is_followed_by_what_somebody_has_made_up() -> None:
    """Who does not know the key cannot have a machine of somebody else's deleted."""
    role = await begun()
    await look(role, 14 * DAY)
    false = following("p", quarantine(), number=0, now=role.now).model_copy(update={"requester": "eve"})
    await role.ask(false.encode(), first=1)
    assert {} == role.decider._shares[0].parked


def test_what_follows_has_the_key_of_no_other_attempt() -> None:
    of = quarantine()
    ids = {following("p", of, number=number, now=NOW).id for number in range(3)}
    assert (3, False) == (len(ids), of.id in ids)
