"""What is taken back at a time."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from clients.kafka.errors import TopicRefused
from schemas import topics
from schemas.remediation.appointment import Appointment
from schemas.remediation.cause import Cause
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import Request, request_id
from schemas.remediation.undo import Undo, source
from streams.remediation.deciding import decider as module
from streams.remediation.deciding.diary import FIRST, LAST
from streams.transport import Chunk, Record
from streams.transport.tick import tick
from tests.streams.guard.asking import NOW, PAUSE, guard, host, outcome, request, sink
from tests.streams.remediation.deciding.deciding import RING, URGENT, Role

HOUR = 3600.0
SINK = topics.sink("p", "act")


def appointment(of: str) -> Appointment:
    """An hour from now the action is taken back."""
    target = host()
    undo = Undo(
        id=of,
        sink="act",
        action="disable-alarm-actions",
        entity=target.key,
        before={"alarmActionsEnabled": True},
        person="reflexarc/expiry",
        at=NOW,
    )
    return Appointment(id=of, due=NOW + HOUR, at=NOW + HOUR, undo=undo, entity=target)


def ended(of: str) -> bytes:
    """The outcome of an action that does not last."""
    return outcome(of).model_copy(update={"appointment": appointment(of)}).signed(RING).encode()


def asked(role: Role) -> list[Undo]:
    """What was asked for at the sink."""
    events = [record for _, record in role.app.sent if record.topic == SINK]
    return [Undo.model_validate(orjson.loads(each.value or b"")["undo"]) for each in events]


async def look(role: Role, later: float) -> None:
    """Let the clock be looked at so many seconds from now."""
    role.now = NOW + later
    for share in tuple(role.decider._shares.values()):
        assert share.lease is not None
        await role.decider._look(share, share.lease)


def disabling() -> Request:
    return request(action="disable-alarm-actions", on=host())


async def begun(of: Request) -> Role:
    """A role that has decided on a request, and heard that it was done."""
    role = Role(guard(sink("disable-alarm-actions", approval="never")))
    await role.ask(of.encode())
    await role.say(ended(of.id))
    return role


def taking_back(undo: Undo) -> Request:
    """What the sink makes of the event."""
    cause = Cause(source=source("p"), id=undo.event, type="t", time=undo.at)
    return Request(
        id=request_id("act", cause.source, cause.id),
        sink="act",
        action="disable-alarm-actions",
        scope="vc1",
        entity=host(),
        cause=cause,
        undo=undo,
        requester=undo.person,
        clock_offset=0.0,
        asked=undo.at,
    )


async def test_what_does_not_last_is_taken_back_when_its_time_is_over_and_not_before() -> None:
    """It is asked for as an operator would: an event for the sink, signed at that moment."""
    role, of = await begun(disabling()), disabling().id
    await look(role, HOUR - 1)
    assert [] == asked(role)
    await look(role, HOUR)
    (undo,) = asked(role)
    undo.verify(RING)
    assert (of, NOW + HOUR, {"alarmActionsEnabled": True}) == (undo.id, undo.at, undo.before)


async def test_it_is_asked_for_again_until_it_was_done() -> None:
    """A refusal, and a vCenter that is away, are no end."""
    role = await begun(disabling())
    await look(role, HOUR)
    await look(role, HOUR + FIRST - 1)
    assert 1 == len(asked(role))
    await look(role, HOUR + FIRST)
    assert 2 == len(asked(role))
    again = taking_back(asked(role)[-1])
    await role.ask(again.encode(), first=1)
    await role.say(Outcome(id=again.id, scope="vc1", state="succeeded", at=role.now).signed(RING).encode(), first=1)
    await look(role, HOUR + LAST - 1)
    assert (2, []) == (len(asked(role)), list(role.app.kept["appointments"]))


@pytest.mark.parametrize("state", ["failed", "planned", "refused", "unknown"])
async def test_one_that_was_not_done_is_asked_for_again(state: Any) -> None:
    """Only what was done is struck out; somebody may have set a dry run for a look."""
    role = await begun(disabling())
    await look(role, HOUR)
    first = taking_back(asked(role)[-1])
    await role.ask(first.encode(), first=1)
    await role.say(Outcome(id=first.id, scope="vc1", state=state, at=role.now).signed(RING).encode(), first=1)
    await look(role, HOUR + FIRST)
    assert 2 == len(asked(role))


async def test_nothing_is_tried_for_ever() -> None:
    """A week after its time it is given up, and somebody has to see it."""
    role = await begun(disabling())
    await look(role, HOUR + LAST + 1)
    assert ([], []) == (asked(role), list(role.app.kept["appointments"]))
    (told,) = role.app.told("abandoned")
    assert (disabling().id, "disable-alarm-actions", "it is not taken back: no attempt has succeeded in time") == (
        told["actionId"],
        told["action"],
        told["reason"],
    )
    assert ["p.audit", "p.events"] == [each.topic for _, each in role.app.sent[-2:]]


async def test_where_nobody_can_be_asked_the_audit_says_so_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for as soon as there is a key again."""
    role = await begun(disabling())
    monkeypatch.setattr(role.decider._diary, "_ring", lambda: ())
    for late in (0, FIRST):
        await look(role, HOUR + late)
    assert ["it is not taken back yet: there is no remediation.answer_key"] * 2 == [
        each["reason"] for each in role.app.told("postponed")
    ]
    await look(role, HOUR + LAST + 1)
    assert "it is not taken back: there is no remediation.answer_key" == role.app.told("abandoned")[0]["reason"]
    assert [] == asked(role)


async def test_while_the_kill_switch_is_pulled_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would only be refused."""
    role = await begun(disabling())
    monkeypatch.setattr(role.decider, "_paused", lambda: PAUSE)
    await look(role, HOUR)
    monkeypatch.setattr(role.decider, "_paused", lambda: None)
    assert [] == asked(role)
    await look(role, HOUR + 1)
    assert 1 == len(asked(role))


async def test_after_a_restart_the_role_wakes_up_for_it_without_a_request() -> None:
    """A lease comes with records only: it sends itself one."""
    role = await begun(disabling())
    await role.app.recover()
    role.assign()
    await role.decider._wake()
    assert [tick(URGENT, 0)] == role.app.published
    woken = tick(URGENT, 0)
    record = Record(URGENT, 0, 2, 0, None, None, woken.headers)
    await role.app.handlers[URGENT](Chunk(role.urgent, (record,)))
    await look(role, HOUR)
    assert ([2], 1) == (role.urgent.reports(), len(asked(role)))


async def test_what_only_a_newer_release_knows_is_left_to_it_and_hinders_nothing_else() -> None:
    """After a roll-back: the outcome counts, and the table can be read."""
    role = Role(guard(sink("disable-alarm-actions", approval="never")))
    await role.ask(disabling().encode())
    said = appointment(disabling().id).model_dump(mode="json") | {"undo": None, "reminder": {"days": [3, 1]}}
    strange = Appointment.decode(orjson.dumps({"v": 1, **said}))
    told = outcome(disabling().id).model_copy(update={"appointment": strange}).signed(RING)
    await role.say(told.encode())
    await role.app.recover()
    role.assign()
    await role.say(told.encode(), first=1)
    await look(role, HOUR)
    (kept,) = role.app.kept["appointments"].values()
    assert {**said, "v": 1, "tries": 1, "at": NOW + HOUR + FIRST} == orjson.loads(kept)
    assert ["it is not followed by anything yet: only a newer release knows what it leads to"] == [
        each["reason"] for each in role.app.told("postponed")
    ]
    assert (1, []) == (len(role.app.kept["appointments"]), role.app.told("disbelieved"))


async def test_a_right_that_is_missing_to_wake_up_is_said_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Releases before did without it: what comes in is decided on all the same."""
    monkeypatch.setattr(module, "AGAIN", 0.0)
    role = await begun(disabling())
    await role.app.recover()
    role.app.fault = TopicRefused("p.requests.urgent may not be written", cure="grant Write")
    await role.decider._wake()
    said = "what is due cannot be asked for: p.requests.urgent may not be written"
    assert (1, True) == (len(role.decider.problems()), role.decider.problems()[0].startswith(said))
    assert said in caplog.text
    role.app.fault = None
    await role.decider._wake()
    assert ([], 1) == (role.decider.problems(), len(role.app.published))


async def test_an_outcome_that_comes_again_makes_no_second_appointment() -> None:
    """What was taken back once is not taken back again."""
    role = await begun(disabling())
    await look(role, HOUR)
    done = taking_back(asked(role)[-1])
    await role.ask(done.encode(), first=1)
    await role.say(Outcome(id=done.id, scope="vc1", state="succeeded", at=role.now).signed(RING).encode(), first=1)
    await role.say(ended(disabling().id), first=2)
    await look(role, 3 * HOUR)
    assert 1 == len(asked(role))
