from __future__ import annotations

from typing import Any

import orjson
import pytest

from streams.transport.lease import Revoked
from tests.streams.guard.asking import answer, guard, request, sink
from tests.streams.remediation.deciding.deciding import RING, URGENT, Role


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
    await role.ask(value, request(sink="other").encode())
    assert ([0, 1], 1, 1) == (
        role.requests.reports(),
        len(role.app.told("disbelieved")),
        len(role.app.told("approved")),
    )
    await role.app.recover()
    assert [request(sink="other").id] == [each.id for each in role.decider._kept.left(0)]


async def test_an_answer_that_a_guardrail_refuses_is_told_with_who_gave_it_and_to_what() -> None:
    """Whoever may approve and tries in vain has said so with a key of ours: that is no forgery."""
    before, role = Role(guard(sink(approval="always"))), Role(guard(sink(), deny=[{"names": "web-1"}]))
    await before.ask(request().encode())
    role.app.stored = before.app.stored
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


async def test_what_a_person_approves_is_ordered_once_and_its_record_is_done() -> None:
    role = Role(guard(sink(approval="always")))
    await role.ask(request().encode())
    role.now += 5
    yes = answer(request().id, at=role.now).signed(RING).encode()
    await role.say(yes, yes)
    orders = [each for _, each in role.app.sent if each.topic == "p.actions"]
    assert (1, [0], [0, 1]) == (len(orders), role.requests.reports(), role.urgent.reports())
    assert ["cli/anna"] == [each["approver"] for each in role.app.told("approved")]
