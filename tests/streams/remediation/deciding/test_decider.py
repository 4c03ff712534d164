from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from streams.remediation.deciding import decider as module
from streams.transport import Lease
from streams.transport.lease import Revoked
from tests.streams.guard.asking import answer, entity, guard, outcome, request, sink
from tests.streams.remediation.deciding.deciding import REQUESTS, RING, URGENT, Role
from tests.streams.remediation.test_replies import asked
from tests.streams.transport.apps import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def test_what_comes_again_is_not_decided_again_after_a_restart_either() -> None:
    role = Role()
    await role.ask(request().encode(), request().encode())
    await role.app.recover()
    role.assign()
    await role.ask(request().encode())
    assert (1, [0]) == (len(role.app.told("approved")), role.requests.reports())


async def test_nothing_is_decided_without_the_memory_of_what_was() -> None:
    """While a partition leaves, the lease of one of its topics is closed before that of the other."""
    role = Role()
    await role.ask(request().encode())
    await role.say(request("e2").encode())
    role.requests.close()
    sent = len(role.app.sent)
    with pytest.raises(Revoked):
        await role.say(request().encode(), first=1)
    assert (sent, [0]) == (len(role.app.sent), role.urgent.reports())
    await role.app.recover()
    role.assign()
    await role.say(request().encode(), first=1)
    assert ([1], 1) == (role.urgent.reports(), len(role.app.told("approved")))


def changed(**said: Any) -> bytes:
    """A request with other members, as anybody may write it."""
    return orjson.dumps(orjson.loads(request("odd").encode()) | said)


def caused(data: bytes) -> bytes:
    return changed().replace(b'"data":null', b'"data":' + data)


ODD = {
    "an integer of more than 64 bits": caused(b"[18446744073709551616]"),
    "parameters of more than 64 bits": changed().replace(
        b'"parameters":{}', b'"parameters":{"a":-9223372036854775809}'
    ),
    "an instant that no calendar has": changed(asked=-1e300),
    "many levels": caused(b"[" * 180 + b"]" * 180),
    "more levels": caused(b"[" * 65 + b"]" * 65),
    "numbers that are longer when they are written": caused(b"[" + b",".join([b"1e15"] * 36_000) + b"]"),
    "a name that no event can have": changed(
        scope="v\n", entity=orjson.loads(request().encode())["entity"] | {"vcenter": "v\n"}
    ),
}


@pytest.mark.parametrize("approval", ["never", "always"])
@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
async def test_what_cannot_be_written_again_is_told_and_everything_goes_on(value: bytes, approval: str) -> None:
    role = Role(guard(sink(approval=approval), sink(name="other")))
    await role.ask(value, value, request(sink="other").encode())
    assert ([0, 1, 2], 2, 1) == (
        role.requests.reports(),
        len(role.app.told("disbelieved")),
        len(role.app.told("approved")),
    )
    await role.app.recover()
    assert [request(sink="other").id] == [each.id for each in role.decider._kept.left(0)]


async def test_parts_of_one_event_are_decided_each_by_itself_and_once() -> None:
    first, second = (request(part=part, parts=2, on=entity(part)) for part in (1, 2))
    other = request(part=2, parts=2, on=entity(9))
    role = Role()
    await role.ask(first.encode(), second.encode(), first.encode())
    await role.app.recover()
    role.assign()
    await role.ask(first.encode(), other.encode())
    said = [
        (each["actionId"], each["entity"]["name"], each["part"], each["parts"]) for each in role.app.told("approved")
    ]
    assert [(first.id, "web-1", 1, 2), (second.id, "web-2", 2, 2)] == said
    assert 2 == sum(each.topic == "p.actions" for _, each in role.app.sent)


async def test_a_part_under_the_id_of_another_is_not_believed() -> None:
    role = Role()
    await role.ask(changed(part=1, parts=1))
    assert ["its id is not that of its sink and event, and of its part"] == [
        each["reason"] for each in role.app.told("disbelieved")
    ]


async def test_an_answer_that_a_guardrail_refuses_is_told_with_who_gave_it_and_to_what() -> None:
    """Whoever may approve and tries in vain has said so with a key of ours: that is no forgery."""
    before, role = Role(guard(sink(approval="always"))), Role(guard(sink(), deny=[{"names": "web-1"}]))
    await before.ask(request().encode())
    role.app.kept = before.app.kept
    await role.app.recover()
    await role.say(answer(request().id).signed(RING).encode())
    (told,) = role.app.told("unanswered")
    said = [told[each] for each in ("actionId", "actor", "answer", "rule", "action", "place")]
    assert [request().id, "cli/anna", "yes", "deny", "power-on", f"{URGENT}/0/0"] == said
    assert ("web-1", 0, [0]) == (told["entity"]["name"], len(role.app.told("disbelieved")), role.urgent.reports())


async def test_an_answer_to_nothing_that_waits_is_told_with_the_action_that_it_names() -> None:
    role = Role()
    await role.say(answer("f" * 16, person="cli/bob").signed(RING).encode())
    (told,) = role.app.told("unanswered")
    assert ("f" * 16, "cli/bob", "unknown") == (told["actionId"], told["actor"], told["rule"])


async def test_an_answer_that_nobody_has_signed_is_not_believed() -> None:
    role = Role(guard(sink(approval="always")))
    await role.ask(request().encode())
    await role.say(answer(request().id).encode())
    assert (1, 0) == (len(role.app.told("disbelieved")), len(role.app.told("unanswered")))
    assert ([], [0]) == (role.requests.reports(), role.urgent.reports())


async def test_what_only_people_ask_for_is_not_believed_from_anybody_else() -> None:
    """No command, no signature: whoever can write to the topic would have a verb without a grant."""
    role = Role()
    await role.ask(request(sink="command/poweron").encode(), request().encode())
    assert (1, 0) == (len(role.app.told("disbelieved")), len(role.app.told("refused")))
    assert ["act"] == [each["sink"] for each in role.app.told("approved")]


async def test_what_a_person_approves_is_ordered_once_and_its_record_is_done() -> None:
    role = Role(guard(sink(approval="always")))
    await role.ask(request().encode())
    role.now += 5
    yes = answer(request().id, at=role.now).signed(RING).encode()
    await role.say(yes, yes)
    orders = [each for _, each in role.app.sent if each.topic == "p.actions"]
    assert (1, [0], [0, 1]) == (len(orders), role.requests.reports(), role.urgent.reports())
    assert ["cli/anna"] == [each["approver"] for each in role.app.told("approved")]


@asynccontextmanager
async def watched(role: Role, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The role looks at its clock all the time."""
    monkeypatch.setattr(module, "LOOK", 0.0)
    task = asyncio.create_task(role.decider.watch_the_clock())
    try:
        yield
    finally:
        task.cancel()


async def test_what_nobody_approves_is_refused_in_its_time_and_its_record_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    role = Role(guard(sink(approval="always"), approval_expires=60))
    await role.ask(request().encode())
    async with watched(role, monkeypatch):
        await asyncio.sleep(0.01)
        assert ([], []) == (role.app.told("refused"), role.requests.reports())
        role.now += 60
        await until(lambda: bool(role.app.told("refused")))
    assert ([0], "nobody approved it in time") == (role.requests.reports(), role.app.told("refused")[0]["reason"])


async def test_what_has_expired_is_its_next_owners_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    role = Role(guard(sink(approval="always"), approval_expires=60))
    await role.ask(request().encode())
    role.requests.close()
    async with watched(role, monkeypatch):
        await until(lambda: not role.decider._shares)
    await role.app.recover()
    role.assign()
    role.now += 60
    await role.ask(request().encode())
    async with watched(role, monkeypatch):
        await until(lambda: bool(role.app.told("refused")))
    assert (1, [0]) == (len(role.app.told("refused")), role.requests.reports())


async def test_a_look_at_the_clock_ends_no_share_that_has_come_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it waits for its turn at one partition, another one goes and comes again."""
    role = Role()
    await role.ask(request().encode())
    other, again = (Lease(asyncio.get_running_loop()) for _ in range(2))
    await role.app.hear(REQUESTS, other, request("e2", on=entity(2)).encode(), number=1)
    async with role.decider._shares[0].turn, watched(role, monkeypatch):
        await asyncio.sleep(0.01)
        other.close()
        await role.app.recover()
        await role.app.hear(REQUESTS, again, request("e3", on=entity(3)).encode(), number=1)
        share = role.decider._shares[1]
        role.decider._shares[0].turn.release()
        await asyncio.sleep(0.01)
        await role.decider._shares[0].turn.acquire()
    assert share is role.decider._shares.get(1)


async def test_an_outcome_is_remembered_and_told_to_nobody_again() -> None:
    role = Role(guard(cool_down=0))
    await role.ask(request().encode())
    sent = len(role.app.sent)
    ended = outcome(request().id, "failed").signed(RING).encode()
    await role.say(ended, ended, outcome("f" * 16).signed(RING).encode())
    assert (sent + 1, [0, 1, 2]) == (len(role.app.sent), role.urgent.reports())
    await role.app.recover()
    assert ["failed"] == [each.state for each in role.decider._kept.left(0)]


async def test_an_outcome_that_nobody_has_signed_ends_nothing() -> None:
    role = Role(guard(cool_down=0))
    await role.ask(request().encode())
    await role.say(outcome(request().id, "failed").encode())
    assert ["was not signed here, or was changed"] == [each["reason"] for each in role.app.told("disbelieved")]
    await role.app.recover()
    assert [None] == [each.state for each in role.decider._kept.left(0)]


@pytest.mark.parametrize(("replies", "hears"), [("chat", ["p.sink.chat"]), ("gone", [])])
async def test_where_nobody_answers_any_more_a_command_is_decided_on_all_the_same(
    replies: str, hears: list[str]
) -> None:
    """Its errand names the sink that answered when it was given; the topic of that may be gone."""
    role = Role(guard(allow=()))
    await role.ask(asked(replies=replies).signed(RING).encode())
    said = [each.topic for _, each in role.app.sent if each.topic.startswith("p.sink.")]
    assert (1, hears, [0]) == (len(role.app.told("refused")), said, role.requests.reports())
