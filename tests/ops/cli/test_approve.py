"""What waits for a person, answered at the command line; the decider is real."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from ops.actor import person
from schemas import topics
from schemas.keys import keyring
from schemas.remediation.answer import Answer
from schemas.remediation.order import Order
from tests.faults.remediation.world import World
from tests.ops.remediation.requests import ask, write
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ops.dev.component import Status
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack

KEY = "a-line-that-is-long-enough-to-be-a-key-0123456789"
SINKS = {"stop": {"action": "power-off", "dry_run": False}}


@pytest.fixture
def world(tmp_path: Path, stack: Status, prefix: str) -> Iterator[World]:
    """An installation whose sink ``stop`` needs approval; its decider runs."""
    key = tmp_path / "answer.key"
    key.write_text(KEY)
    with World(tmp_path, stack, prefix, sinks=SINKS, limits={"answer_key_file": str(key)}) as world:
        world.start("decide")
        yield world


def pending(reflexarc: Command) -> list[dict[str, Any]]:
    outcome = reflexarc("remediation", "pending", "--json")
    assert (0, "") == (outcome.code, outcome.err)
    return list(json.loads(outcome.out))


def parked(reflexarc: Command, world: World, *events: str, **said: Any) -> list[str]:
    """Ask, and wait until all of it is parked."""
    ids = [ask(world.bootstrap, world.prefix, event, **said) for event in events]
    wait_for(lambda: set(ids) <= {each["id"] for each in pending(reflexarc)})
    return ids


def orders(world: World) -> dict[str, str]:
    """Who has approved what the executor is told, by id."""
    found = kafka_topics.everything(world.bootstrap, topics.actions(world.prefix))
    return {order.id: order.approver for order in (Order.decode(each.value()) for each in found)}


def disbelieved(world: World) -> list[str]:
    return [data["reason"] for _, step, data in world.audit() if step == "disbelieved"]


def test_somebody_else_approves_or_refuses_and_hears_what_came_of_it(world: World, reflexarc: Command) -> None:
    """By the beginning of an id; once; what is refused stays so."""
    yes, no = parked(reflexarc, world, "e1", "e2", requester="cli/somebody-else")
    first = next(each for each in pending(reflexarc) if each["id"] == yes)
    assert ("power-off", "cli/somebody-else", "web-1") == (
        first["action"],
        first["requester"],
        first["target"]["name"],
    )
    assert yes in reflexarc("remediation", "pending").out

    short = next(yes[:end] for end in range(1, 17) if not no.startswith(yes[:end]))
    approved = reflexarc("remediation", "approve", short, "--within", "60s")
    assert (0, f"{yes} approved by {person()}\n") == (approved.code, approved.out)
    refused = reflexarc("remediation", "refuse", no, "--reason", "not today", "--within", "60s")
    assert (0, f"{no} refused by {person()}: not today\n") == (refused.code, refused.out)
    assert {yes: person()} == orders(world)
    assert [] == pending(reflexarc)

    late = reflexarc("remediation", "approve", no)
    assert (1, f"{no} refused by {person()}: not today\n") == (late.code, late.out)
    assert {yes: person()} == orders(world)


def test_nobody_approves_what_they_have_asked_for(world: World, reflexarc: Command) -> None:
    """It stays parked, and the audit hears of the attempt; taking it back is fine."""
    (own,) = parked(reflexarc, world, "e1", requester=person().replace("cli/", "slack/"))
    outcome = reflexarc("remediation", "approve", own, "--within", "60s")
    assert (1, True) == (outcome.code, "let somebody else approve" in outcome.out)
    assert [own] == [each["id"] for each in pending(reflexarc)]
    (told,) = (data for _, step, data in world.audit() if step == "unanswered")
    assert (own, person(), "requester") == (told["actionId"], told["actor"], told["rule"])
    assert [] == disbelieved(world)
    assert {} == orders(world)
    assert 0 == reflexarc("remediation", "refuse", own, "--within", "60s").code


def test_what_nobody_has_signed_changes_nothing_and_is_audited(world: World, reflexarc: Command) -> None:
    """Whoever may write to the topic cannot approve: neither without a key, nor with another, nor by changing one."""
    (id_,) = parked(reflexarc, world, "e1")
    given = Answer(id=id_, scope="vc1", approve=False, person="cli/anna", at=time.time())
    ours, other = keyring([KEY.encode()]), keyring([KEY[::-1].encode()])
    forged = given.signed(ours).model_copy(update={"approve": True})
    for each in (given.model_copy(update={"approve": True}), given.signed(other), forged):
        write(world.bootstrap, topics.requests(world.prefix, urgent=True), each.encode(), b"vc1")
    write(world.bootstrap, topics.requests(world.prefix, urgent=True), b'{"approve": true}', b"vc1")
    wait_for(lambda: len(disbelieved(world)) == 4)
    assert [id_] == [each["id"] for each in pending(reflexarc)]
    assert {} == orders(world)


def test_an_unknown_id_is_a_failure_with_those_that_are_known(world: World, reflexarc: Command) -> None:
    """Also one that several begin with; nothing is answered then, not even the right ones beside it."""
    assert "nothing waits for an answer" in reflexarc("remediation", "approve", "0123").err
    ids = parked(reflexarc, world, *(f"e{number}" for number in range(20)))
    unknown = reflexarc("remediation", "approve", ids[0], "xyz")
    assert (1, True) == (unknown.code, "no request is called xyz — these wait for an answer: " in unknown.err)
    near = reflexarc("remediation", "approve", f"{ids[0][:15]}x")
    assert f"did you mean {ids[0]}?" in near.err
    twice = next(each[0] for each in ids if [other[0] for other in ids].count(each[0]) > 1)
    assert f"several requests begin with {twice} — write more of it" in reflexarc("remediation", "approve", twice).err
    assert 20 == len(pending(reflexarc))


def test_without_a_decider_the_answer_waits(world: World, reflexarc: Command) -> None:
    """Nobody is told that something was approved which was not yet."""
    (id_,) = parked(reflexarc, world, "e1")
    world.scene._children[-1].stop()  # the decider
    outcome = reflexarc("remediation", "approve", id_, "--within", "1s")
    assert (3, f"{id_} not answered yet\n") == (outcome.code, outcome.out)
    assert "it lies in Kafka, and counts when a worker of role decide comes to it" in outcome.err
    world.start("decide", "second")
    wait_for(lambda: orders(world) == {id_: person()})


def test_without_a_key_nobody_answers_and_the_cure_is_named(reflexarc: Command, write: Callable[[str], Path]) -> None:
    """Before Kafka is asked for anything."""
    write("""
        kafka: {bootstrap: "127.0.0.1:1", prefix: t, replication: 1}
        vcenters:
          vc1: {url: "https://vc1.example.org", username: reader, password: "${VC1_PASSWORD}"}
        sinks:
          stop: {type: remediation, action: power-off}
    """)
    outcome = reflexarc("remediation", "approve", "0123456789abcdef")
    assert 4 == outcome.code
    assert "remediation.answer_key is not configured — write a key with: openssl rand -base64 32" in outcome.err
