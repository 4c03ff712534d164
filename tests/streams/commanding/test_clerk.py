"""Commands are answered at once, refused, or asked for; what nobody gives is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from clients.kafka.errors import PublishRejected
from schemas.commands.kinds import TYPED
from schemas.commands.reply import TYPE, Reply
from schemas.config import Config, KafkaConfig
from schemas.config.commands import CommandsConfig
from schemas.errors import Reject, Unavailable, Unreachable
from schemas.keys import keyring
from schemas.principal import Principal
from schemas.remediation.answer import Answer
from schemas.remediation.request import Request
from sinks.remediation.resolver import Resolved
from streams.commanding.clerk import Clerk
from streams.commanding.known import Known
from streams.commanding.watch import Watch
from tests.streams.commanding.test_call import ANNA, RING, event
from tests.streams.guard.asking import entity

if TYPE_CHECKING:
    from collections.abc import Collection

    from sinks.vsphere.aim import ByName

ANSWERS = keyring([b"a" * 32])
NOW = 1_700_000_010.0

COMMANDS = CommandsConfig.model_validate(
    {
        "replies": "chat",
        "people": {"anna": {"slack": ["T1/U1"], "cli": ["anna"], "groups": ["users"]}, "ben": {"slack": ["T1/U2"]}},
        "grants": [
            {"to": ["users"], "verbs": ["read", "power", "destroy"]},
            {"to": ["ben"], "verbs": ["approve"]},
        ],
    }
)


class Kafka:
    """Keeps what is published.

    Attributes:
        fault: is raised instead.
    """

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes, dict[str, bytes]]] = []
        self.fault: Exception | None = None

    async def publish(self, topic: str, *, value: bytes, key: bytes, headers: Any) -> None:
        """Store one."""
        del key
        if self.fault is not None:
            raise self.fault
        self.records.append((topic, value, dict(headers)))


class Machines:
    """One machine, whosever it is.

    Attributes:
        owner: its.
        asked: vCenters that were looked at.
    """

    vcenters = ("vc1", "vc2")

    def __init__(self) -> None:
        self.owner: str | None = "anna"
        self.asked: list[Collection[str]] = []

    async def find(self, name: ByName, within: Collection[str]) -> Resolved:
        """The machine, if it is called so."""
        self.asked.append(list(within))
        if name.name != "web-1":
            return Resolved(None, f"no virtual machine is called '{name.name}' in vc1")
        return Resolved(entity(owner=self.owner), offset=0.0)

    async def file(self, _entity: object) -> str:
        """Its file."""
        return "[s] web-1/web-1.vmx"

    async def store(self, vcenter: str, name: str) -> Resolved:
        """The datastore."""
        return Resolved(entity(vcenter=vcenter, kind="Datastore", moref="datastore-1", name=name))


class Desk:
    """A clerk, and everything around it."""

    def __init__(self) -> None:
        self.kafka, self.machines = Kafka(), Machines()
        self.watch = Watch(KafkaConfig(bootstrap="127.0.0.1:1"), group="g")
        outside: Any = (self.kafka, self.machines)
        publisher, targets = outside
        self.clerk = Clerk(
            Config(kafka=KafkaConfig(bootstrap="127.0.0.1:1", prefix="p"), commands=COMMANDS),
            COMMANDS,
            publisher,
            rings=lambda _type, _source: RING,
            ring=lambda: ANSWERS,
            targets=targets,
            watch=self.watch,
            clock=lambda: NOW,
        )

    async def say(self, text: str, user: str = "U1") -> None:
        """Have somebody say something in Slack."""
        await self.clerk.send(event(who=ANNA.model_copy(update={"user": user}), text=text))

    async def type(self, text: str) -> None:
        """Have anna say something at a command line."""
        who = Principal(team="", user="anna", channel="", verified="cli", time=1_700_000_000)
        await self.clerk.send(event(TYPED, who=who, text=text))

    def replies(self) -> list[str]:
        """What Slack is told."""
        return [
            Reply.decode(value).text
            for topic, value, headers in self.kafka.records
            if topic == "p.sink.chat" and headers["ce_type"] == TYPE.encode()
        ]

    def told(self) -> list[str]:
        """What the audit hears."""
        return [headers["ce_type"].decode() for topic, _, headers in self.kafka.records if topic == "p.audit"]

    def requests(self) -> list[Request]:
        """What is asked of the decider."""
        return [Request.decode(value) for topic, value, _ in self.kafka.records if topic == "p.requests"]


async def test_what_is_asked_for_is_acknowledged_and_signed() -> None:
    desk = Desk()
    await desk.say("poweron web-1")
    (request,) = desk.requests()
    request.believe(ANSWERS)
    assert ["ACK - Processing Command"] == desk.replies()
    assert ("command/poweron", "power-on", "anna", "vc1") == (
        request.sink,
        request.action,
        request.requester,
        request.scope,
    )
    assert request.errand is not None
    assert ("anna", "web-1", "chat") == (request.errand.person, request.errand.vm, request.errand.replies)


async def test_what_comes_again_asks_for_the_same() -> None:
    desk = Desk()
    await desk.say("poweron web-1")
    await desk.say("poweron web-1")
    first, second = desk.requests()
    assert first.id == second.id


async def test_what_is_not_there_is_asked_for_all_the_same_so_that_it_is_in_the_audit() -> None:
    desk = Desk()
    await desk.say("poweron web-9")
    (request,) = desk.requests()
    assert (None, "no virtual machine is called 'web-9' in vc1") == (request.entity, request.unresolved)


@pytest.mark.parametrize("owner", [None, "ben", "Anna"])
async def test_somebody_else_s_machine_is_left_alone(owner: str | None) -> None:
    desk = Desk()
    desk.machines.owner = owner
    await desk.say("poweroff web-1")
    assert ([], ["com.reflexarc.command.refused"]) == (desk.requests(), desk.told())
    assert "on your own machines only" in desk.replies()[-1]


async def test_who_may_not_has_nothing_looked_for() -> None:
    desk = Desk()
    await desk.say("poweron web-1", user="U9")
    await desk.say("poweron web-1", user="U2")
    assert ([], [], 2) == (desk.machines.asked, desk.requests(), len(desk.told()))


async def test_wrong_use_is_answered_with_the_right_one() -> None:
    desk = Desk()
    await desk.say("poweron")
    assert ["poweron is not written like this. Write `poweron <vm>`."] == desk.replies()
    assert ["com.reflexarc.command.refused"] == desk.told()


async def test_what_goes_away_is_known_by_its_file() -> None:
    desk = Desk()
    await desk.say("nuke\nweb-1\nweb-1")
    (request,) = desk.requests()
    assert ("[s] web-1/web-1.vmx", "anna", request.id) == tuple(
        request.parameters[each] for each in ("path", "owner", "mark")
    )
    assert request.later is not None
    assert ("datastore-1", {"path": f"[s] reflexarc-quarantine/{request.id}-web-1", "mark": request.id}) == (
        request.later.entity.moref,
        {key: value for key, value in request.later.parameters.items() if key != "folder"},
    )


@pytest.mark.parametrize(("verb", "approve"), [("approve", True), ("refuse", False)])
async def test_an_answer_is_the_person_s_and_as_old_as_the_command(verb: str, *, approve: bool) -> None:
    desk = Desk()
    desk.watch.hear(Known("a" * 16, "parked", "", "power-off", "web-1", "vc1", "anna", "poweroff", ""))
    await desk.say(f"{verb} {'a' * 16} as agreed", user="U2")
    ((_, value, _),) = [each for each in desk.kafka.records if each[0] == "p.requests.urgent"]
    answer = Answer.decode(value)
    answer.verify(ANSWERS)
    assert (approve, "ben", "as agreed", 1_700_000_000.0, "vc1") == (
        answer.approve,
        answer.person,
        answer.reason,
        answer.at,
        answer.scope,
    )


async def test_nothing_is_answered_that_is_not_known() -> None:
    desk = Desk()
    await desk.say(f"approve {'b' * 16}", user="U2")
    assert [f"Nothing called {'b' * 16} is known here."] == desk.replies()


async def test_what_nobody_gives_is_told_and_nothing_follows() -> None:
    """Whoever can write to the topic, and has no key."""
    desk = Desk()
    forged = replace(event(), data=orjson.dumps({"text": "poweroff web-1"}))
    await desk.clerk.send(forged)
    assert (["com.reflexarc.command.disbelieved"], [], []) == (desk.told(), desk.requests(), desk.replies())
    assert b"poweroff" not in desk.kafka.records[0][1]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(Unreachable("away"), Unavailable), (PublishRejected("too large"), Reject)],
    ids=["away", "refused"],
)
async def test_a_command_is_not_done_with_while_kafka_does_not_have_what_follows(
    fault: Exception, expected: type[Exception]
) -> None:
    desk = Desk()
    desk.kafka.fault = fault
    with pytest.raises(expected):
        await desk.say("poweron web-1")


async def test_at_a_command_line_the_answer_is_in_the_audit_and_in_slack_it_is_not() -> None:
    """Nobody else brings it there."""
    desk = Desk()
    await desk.say("echo one")
    await desk.type("echo two")
    said = [orjson.loads(value).get("text") for topic, value, _ in desk.kafka.records if topic == "p.audit"]
    assert ([None, "two"], ["one"]) == (said, desk.replies())
