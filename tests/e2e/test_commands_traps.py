"""What is forged, replayed or foreign has no effect in a vCenter, calls nobody, and is in the audit."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError

import pytest

from schemas import topics as names
from schemas.cloudevents import kafka
from schemas.commands.kinds import ADDRESS, PRESSED
from schemas.principal import EXTENSION, Principal, sign
from schemas.remediation.request import request_id
from schemas.seal import seal
from tests.faults.commands import orders
from tests.faults.commands.experiment import heard, is_one_story
from tests.faults.commands.strike import in_hand
from tests.faults.commands.world import BEN, World
from tests.support import slack, topics
from tests.support.chat import CHANNEL, USER
from tests.support.chat.hook import TEAM
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confluent_kafka import Message

    from ops.dev.component import Status
    from schemas.cloudevents import CloudEvent

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("commands")]

OTHER_TEAM: Final = "T0002WXYZ"
ROLES: Final = ("command", "decide", "execute", "deliver")


def named(number: int) -> str:
    """A machine for one test alone."""
    return f"DC0_C0_RP0_VM{number}"


@pytest.fixture(scope="module")
def world(stack: Status, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Anna may do everything at once but power off, which needs another person's yes."""
    folder, prefix = tmp_path_factory.mktemp("traps"), f"e2e-traps-{uuid.uuid4().hex[:8]}"
    section = {
        "grants": [{"to": ["users"], "verbs": ["read", "power", "create", "change", "destroy"], "machines": "any"}],
        "verbs": {verb: {"approval": "never"} for verb in ("hardreset", "nuke")},
    }
    section["grants"].append({"to": ["operators"], "verbs": ["approve"]})  # type: ignore[attr-defined]
    with (
        simulators(folder, *orders.VCENTERS) as vcenters,
        World(
            folder / "world",
            stack,
            prefix,
            vcenters=vcenters,
            commands=section,
            webhook={"teams": [TEAM, OTHER_TEAM]},
        ) as world,
    ):
        world.start_all(*ROLES)
        yield world


@pytest.fixture
def lure() -> Iterator[socket.socket]:
    """Listens, and is called by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


def status(send: Callable[[], object]) -> int:
    """What the webhook answers."""
    try:
        send()
    except HTTPError as error:
        with error:
            return error.code
    return 200


def stored(world: World, topic: str) -> list[Message]:
    """Every record of a topic."""
    return topics.everything(world.bootstrap, topic)


def rest(world: World) -> None:
    """Return when every role has dealt with all that has come."""
    for role in ROLES:
        wait(lambda role=role: in_hand(world, role, time.time()) == 0)  # type: ignore[misc]


def audited(world: World, *kinds: str) -> list[dict[str, Any]]:
    """What the audit has of these kinds."""
    return [data for kind, _, data in world.audit() if kind in kinds]


@contextmanager
def audit_of(world: World, kind: str, count: int) -> Iterator[None]:
    """The audit has so many more of a kind after the body, and no vCenter has anything to tell of."""
    before, had = happened(world), len(audited(world, kind))
    yield
    wait(lambda: len(audited(world, kind)) >= had + count)
    rest(world)
    assert had + count == len(audited(world, kind))
    assert before == happened(world)


def happened(world: World) -> Counter[str]:
    """What both vCenters tell of their machines."""
    kinds = set(orders.TOLD_BY.values())
    return Counter(each for vcenter in orders.VCENTERS for each in world.govc(vcenter).messages(*kinds))


def resets(told: Counter[str], machine: str) -> int:
    """How often a machine went off."""
    return sum(count for each, count in told.items() if each.startswith(f"{machine} ") and "is powered off" in each)


def done(world: World, *words: str) -> None:
    """Have anna give a command, and see it done."""
    before = len(audited(world, "remediation.succeeded"))
    world.say(*words)
    wait(lambda: len(audited(world, "remediation.succeeded")) > before)


def event_of(world: World, words: str) -> tuple[Message, CloudEvent]:
    """The record of a command, and its event."""
    found = [record for record in stored(world, names.commands(world.prefix)) if words.encode() in record.value()]
    return found[-1], kafka.from_message(found[-1].headers(), found[-1].value())


def test_who_has_not_signed_now_is_not_let_in(world: World) -> None:
    before, stays = happened(world), len(stored(world, names.commands(world.prefix)))
    body, now = world.order("hardreset", f"vc1:{named(0)}"), time.time()
    signed = slack.headers(body, now=now)
    other = slack.headers(world.order("hardreset", f"vc1:{named(1)}"), now=now)
    unsigned = {name: value for name, value in signed.items() if "Signature" not in name}
    redated = signed | {"X-Slack-Request-Timestamp": str(int(now) + 1)}
    forged = [
        lambda: world.post(body, secret="f" * 32),
        lambda: world.post(body, now=now - 301),
        lambda: world.post(body, now=now + 310),
        *(lambda headers=headers: world.send(body, headers) for headers in (other, unsigned, redated)),  # type: ignore[misc]
    ]
    assert [401] * 6 == [status(send) for send in forged]
    rest(world)
    assert stays == len(stored(world, names.commands(world.prefix)))
    assert before == happened(world)


def test_a_captured_request_is_worth_one_effect_and_nothing_after_five_minutes(world: World) -> None:
    machine, before = named(2), happened(world)
    body, old = world.order("hardreset", f"vc1:{machine}"), int(time.time()) - 296
    headers, aged = slack.headers(body, now=time.time()), slack.headers(body, now=old)
    assert [200] * 3 == [status(lambda each=each: world.send(body, each)) for each in (headers, headers, aged)]  # type: ignore[misc]
    wait(lambda: resets(happened(world), machine) > resets(before, machine))
    time.sleep(max(0.0, old + 301 - time.time()))
    assert 401 == status(lambda: world.send(body, aged))
    rest(world)
    assert 1 == resets(happened(world), machine) - resets(before, machine)
    assert is_one_story(heard(world)[machine])


def test_an_answer_goes_nowhere_but_to_slack(world: World, lure: socket.socket) -> None:
    stays, port = len(stored(world, names.commands(world.prefix))), lure.getsockname()[1]
    addresses = [
        f"https://127.0.0.1:{port}/commands",
        f"https://hooks.slack.com@127.0.0.1:{port}/",
        f"https://hooks.slack.com:{port}/commands",
        f"http://hooks.slack.com:{port}/commands",
    ]
    for address in addresses:
        assert "response_url" in world.say("hardreset", f"vc1:{named(3)}", response_url=address)
    assert stays == len(stored(world, names.commands(world.prefix)))


def test_not_even_with_an_address_that_was_sealed_here(world: World, lure: socket.socket) -> None:
    """Whoever has the webhook's keys gets words said to nobody."""
    letters = names.dead_letter(world.prefix, "chat")
    buried = len(stored(world, letters))
    world.say("echo", "sealed")
    record, event = event_of(world, "sealed")
    principal = Principal(team=TEAM, user=USER, channel=CHANNEL, verified="slack-v0", time=int(time.time()))
    plain = replace(event, id=uuid.uuid4().hex, extensions={"partitionkey": (record.key() or b"").decode()})
    url, expiry = f"https://127.0.0.1:{lure.getsockname()[1]}/commands", int(time.time()) + 1800
    carried = {
        EXTENSION: sign(principal, plain, slack.ring("principal")),
        ADDRESS: seal(url, slack.ring("seal"), source=plain.source, id=plain.id, expiry=expiry),
    }
    signed = replace(plain, extensions={**plain.extensions, **carried})
    topics.publish(world.bootstrap, names.commands(world.prefix), signed, partition=record.partition())
    wait(lambda: len(stored(world, letters)) > buried)


def test_who_has_the_same_id_in_another_workspace_is_somebody_else(world: World) -> None:
    with audit_of(world, "command.refused", 1):
        world.say("hardreset", f"vc1:{named(4)}", team_id=OTHER_TEAM)
    assert f"slack/{OTHER_TEAM}/{USER}" == audited(world, "command.refused")[-1]["actor"]
    assert "You are not named here" in audited(world, "command.refused")[-1]["reason"]
    stays = len(stored(world, names.commands(world.prefix)))
    assert "not allowed" in world.say("hardreset", f"vc1:{named(4)}", team_id="T0003WXYZ")
    assert stays == len(stored(world, names.commands(world.prefix)))


def test_a_record_among_the_commands_is_no_command_without_a_signature_of_its_own(world: World) -> None:
    """Unsigned, with the principal of a real command on other words, another id, another type; and no event at all."""
    done(world, "hardreset", f"vc1:{named(5)}")
    record, event = event_of(world, f"vc1:{named(5)}")
    others = (event.data or b"").replace(named(5).encode(), named(6).encode())
    new = uuid.uuid4().hex
    forged = [
        replace(event, id=new, extensions={"partitionkey": "x"}),
        replace(event, data=others),
        replace(event, id=new),
        replace(event, id=new, type=PRESSED, subject="reflexarc-approve"),
        replace(event, source="/ingest/webhook/other"),
    ]
    with audit_of(world, "command.disbelieved", len(forged) + 1):
        topic = names.commands(world.prefix)
        topics.publish(world.bootstrap, topic, *forged, partition=record.partition())
        topics.produce(world.bootstrap, topic, [b"hardreset everything"])


def test_a_record_that_comes_again_is_the_same_command(world: World) -> None:
    """Also where nothing is left of the machine that it was about."""
    done(world, "spawn", "new-1")
    kept, gone = named(7), "new-1"
    for words in (("hardreset", f"vc1:{kept}"), ("nuke", f"vc1:{gone}", f"vc1:{gone}")):
        done(world, *words)
    before = happened(world)
    for machine in (kept, gone):
        record, event = event_of(world, f"vc1:{machine}")
        topics.publish(world.bootstrap, names.commands(world.prefix), event, partition=record.partition())
    wait(lambda: heard(world)[gone].count(heard(world)[gone][-1]) > 0)
    rest(world)
    assert before == happened(world)
    assert is_one_story(heard(world)[kept])
    assert is_one_story(heard(world)[gone][2:])


def asked(world: World, machine: str) -> dict[str, Any]:
    """The request that a command has become."""
    found = [json.loads(record.value()) for record in stored(world, names.requests(world.prefix))]
    return next(each for each in found if (each.get("entity") or {}).get("name") == machine)


def renamed(request: dict[str, Any]) -> dict[str, Any]:
    """The same, for an event of its own."""
    cause = request["cause"] | {"id": uuid.uuid4().hex}
    return request | {"cause": cause, "id": request_id(request["sink"], cause["source"], cause["id"])}


def test_nobody_asks_in_a_person_s_name_who_has_not_signed(world: World) -> None:
    """Unsigned; with the signature of another request; as if no person had asked; in another person's name."""
    done(world, "hardreset", f"vc1:{named(8)}")
    request = asked(world, named(8))
    forged = [
        renamed(request) | {"key": "", "code": ""},
        renamed(request),
        renamed(request) | {"errand": None},
        renamed(request) | {"errand": None, "key": "", "code": "", "requester": "sink/command"},
        request | {"requester": "ben"},
    ]
    topic, key = names.requests(world.prefix), request["scope"].encode()
    with audit_of(world, "remediation.disbelieved", len(forged)):
        topics.produce(world.bootstrap, topic, [json.dumps(each).encode() for each in forged], key=key)
    with audit_of(world, "remediation.disbelieved", 0):
        topics.produce(world.bootstrap, topic, [json.dumps(request).encode()], key=key)


def test_nobody_says_yes_who_has_not_signed(world: World) -> None:
    """Unsigned; with the signature of a no, or of another request's answer."""
    first, second = named(9), named(10)
    for machine in (first, second):
        world.say("poweroff", f"vc1:{machine}")
    wait(lambda: {first, second} <= {data["entity"]["name"] for data in audited(world, "remediation.parked")})
    wait(lambda: bool(asked(world, second)))
    world.say("refuse", asked(world, first)["id"], user=BEN)
    wait(lambda: any(data["actionId"] == asked(world, first)["id"] for data in audited(world, "remediation.refused")))
    urgent = names.requests(world.prefix, urgent=True)
    given = [json.loads(record.value()) for record in stored(world, urgent)]
    no = next(each for each in given if each.get("id") == asked(world, first)["id"] and each["kind"] == "answer")
    yes = no | {"id": asked(world, second)["id"], "approve": True}
    forged = [yes, yes | {"signature": "", "key": ""}, no | {"approve": True}]
    before, had = happened(world), len(audited(world, "remediation.disbelieved"))
    values = [json.dumps(each).encode() for each in forged]
    topics.produce(world.bootstrap, urgent, values, key=no["scope"].encode())
    wait(lambda: len(audited(world, "remediation.disbelieved")) == had + len(forged))
    world.say("refuse", asked(world, second)["id"], user=BEN)
    rest(world)
    assert before == happened(world)


STRANGE: Final = [
    ("invoke", "Get-VM | Stop-VM -Confirm:$false"),
    ("invoke", "$(reboot)"),
    ("invoke", "__import__('os').system('id')"),
    ("transform", f"vc1:{named(11)}", "-1", "1"),
    ("transform", f"vc1:{named(11)}", "0", "0"),
    ("transform", f"vc1:{named(11)}", "1e3", "2"),
    ("transform", f"vc1:{named(11)}", "\u0665\u0661\u0662", "2"),
    ("transform", f"vc1:{named(11)}", "16", "1"),
    ("transform", f"vc1:{named(11)}", "9" * 30, "2"),
    ("transform", f"vc1:{named(11)}", "128", "99"),
    ("transform", f"vc1:{named(11)}", "huge"),
    ("spawn", "../escape"),
    ("spawn", "a/b"),
    ("spawn", "a%2fb"),
    ("spawn", "x" * 81),
    ("spawn", "strange", "no-such-preset"),
    ("hardreset", "vc1:*"),
    ("hardreset", "vc1:' or '1'='1"),
    ("hardreset", "vc1://VirtualMachine[@name]"),
    ("hardreset", f'vc1:"{named(11)}"'),
    ("hardreset", f"vc9:{named(11)}"),
    ("nuke", f"vc1:{named(11)}", f"vc1:{named(12)}"),
    ("nuke", f"vc1:{named(11)}"),
]


def test_strange_words_are_refused_each_with_a_reason(world: World) -> None:
    before = happened(world)
    for words in STRANGE:
        world.say(*words)

    def refusals() -> dict[str, str]:
        found = audited(world, "command.refused", "remediation.refused", "remediation.failed")
        return {data["command"]["said"]: data["reason"] for data in found if "command" in data}

    said = {"\n".join(words) for words in STRANGE}
    wait(lambda: said <= refusals().keys())
    rest(world)
    assert before == happened(world)
    assert all(refusals()[each] for each in said)
