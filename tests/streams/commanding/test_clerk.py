"""Commands are answered at once, refused, or asked for; what nobody gives is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from clients.kafka.errors import PublishRejected, TopicRefused
from schemas.commands.kinds import TYPED
from schemas.commands.reply import TYPE, Reply
from schemas.config import Config, KafkaConfig
from schemas.config.commands import CommandsConfig
from schemas.errors import Reject, Unavailable, Unreachable
from schemas.keys import keyring
from schemas.principal import Principal
from schemas.remediation.answer import Answer
from schemas.remediation.model import InvalidRemediation
from schemas.remediation.request import Request
from sinks.remediation.resolver import Resolved
from streams.commanding.begun import Begun
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
            {"to": ["users"], "verbs": ["read", "power", "create", "change", "destroy"]},
            {"to": ["ben"], "verbs": ["approve"]},
        ],
        "presets": {"small": {"vcenter": "vc1", "cluster": "c1", "folder": "/DC0/vm/self"}},
    }
)


class Kafka:
    """Keeps what is published.

    Attributes:
        fault: is raised instead.
        refused: for this topic alone; empty: for all.
    """

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes, dict[str, bytes]]] = []
        self.fault: Exception | None = None
        self.refused = ""

    async def publish(self, topic: str, *, value: bytes, key: bytes, headers: Any) -> None:
        """Store one."""
        del key
        if self.fault is not None and self.refused in {"", topic}:
            raise self.fault
        self.records.append((topic, value, dict(headers)))


class Machines:
    """One machine, whosever it is.

    Attributes:
        owner: its.
        asked: vCenters that were looked at.
        fault: is raised when one is looked for.
    """

    vcenters = ("vc1", "vc2")

    def __init__(self) -> None:
        self.owner: str | None = "anna"
        self.asked: list[Collection[str]] = []
        self.fault: Exception | None = None

    async def find(self, name: ByName, within: Collection[str]) -> Resolved:
        """The machine, if it is called so."""
        self.asked.append(list(within))
        if self.fault is not None:
            raise self.fault
        if name.name.casefold() != "web-1":
            return Resolved(None, f"no virtual machine is called '{name.name}' in vc1")
        return Resolved(entity(owner=self.owner), offset=0.0)

    async def again(self, begun: Begun) -> Resolved:
        """The same, whatever was done to it."""
        return Resolved(begun.entity.model_copy(update={"owner": self.owner}), offset=0.0)

    async def place(self, vcenter: str, folder: str, name: str) -> Resolved:
        """The folder, as the place of a new machine."""
        found = {"vcenter": vcenter, "name": name, "new": name, "folder": folder, "kind": "Folder", "moref": "group-v1"}
        return Resolved(entity(**found), offset=0.0)

    async def ask(self, _question: object, _vcenter: str) -> list[str]:
        """What somebody has already."""
        return []

    async def file(self, _entity: object) -> str:
        """Its file."""
        return "[s] web-1/web-1.vmx"

    async def store(self, vcenter: str, name: str) -> Resolved:
        """Its datastore."""
        return Resolved(entity(vcenter=vcenter, name=name, moref="datastore-1", kind="Datastore"), offset=0.0)


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


async def test_what_is_told_names_what_was_found_and_the_acknowledgement_what_was_typed() -> None:
    desk = Desk()
    await desk.say("poweron WEB-1")
    (request,) = desk.requests()
    assert request.errand is not None
    assert ("web-1", "poweron WEB-1") == (request.errand.vm, request.errand.said)


async def test_what_comes_again_asks_for_the_same() -> None:
    desk = Desk()
    await desk.say("poweron web-1")
    await desk.say("poweron web-1")
    first, second = desk.requests()
    assert first.id == second.id


async def test_a_machine_that_the_same_command_has_taken_away_is_not_asked_for_again() -> None:
    """It would be refused as one that does not exist, beside what was told before."""
    desk = Desk()
    await desk.say("nuke\nweb-9\nweb-9")
    (request,) = desk.requests()
    desk.watch.hear(Known(request.id, "succeeded", "", "quarantine", "web-9", "vc1", "anna", "nuke", ""))
    await desk.say("nuke\nweb-9\nweb-9")
    assert [request.id] == [each.id for each in desk.requests()]


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


async def test_a_new_machine_is_the_person_s_own() -> None:
    """The folder that it is made in has no owner."""
    desk = Desk()
    await desk.say("spawn new-1")
    (request,) = desk.requests()
    assert ("create", "new-1", "anna") == (request.action, request.parameters["name"], request.parameters["owner"])


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


@pytest.mark.parametrize(
    ("person", "owner", "asked"), [("anna", "anna", 1), ("ben", "anna", 0), ("anna", "ben", 0), ("anna", None, 0)]
)
async def test_taken_back_is_one_s_own_deed_on_one_s_own_machine(person: str, owner: str | None, asked: int) -> None:
    """It may be somebody else's by now."""
    desk = Desk()
    desk.machines.owner = owner
    desk.watch.hear(Known("a" * 16, "succeeded", "", "power-on", "web-1", "vc1", person, "poweron", ""))
    desk.watch.keep(Begun("a" * 16, "command/poweron", "power-on", {}, {"state": "off"}, entity(), person))
    await desk.say(f"undo {'a' * 16}")
    assert (asked, not asked) == (len(desk.requests()), "on your own machines only" in desk.replies()[-1])


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
    await desk.say(f"undo {'b' * 16}")
    desk.watch._ready.set()
    await desk.say(f"approve {'b' * 16}", user="U2")
    await desk.say(f"undo {'b' * 16}")
    once, twice, known, as_well = desk.replies()
    assert [True, True] == ["is still being read, ask again in a moment" in each for each in (once, twice)]
    assert (f"Nothing called {'b' * 16} is known here.", False) == (known, "still being read" in as_well)


async def test_what_was_not_found_waits_for_nobody() -> None:
    desk = Desk()
    desk.watch.hear(Known("a" * 16, "refused", "", "power-off", "", "", "anna", "poweroff", "no such machine"))
    await desk.say(f"approve {'a' * 16}", user="U2")
    assert "waits for nobody's answer" in desk.replies()[-1]
    assert ["com.reflexarc.command.refused"] == desk.told()


@pytest.mark.parametrize("fault", [ValueError("a password"), InvalidRemediation("too large")], ids=repr)
async def test_what_fails_here_is_told_to_whoever_has_asked_and_to_the_audit(fault: Exception) -> None:
    """Nobody waits in silence, and the role goes on with the next one."""
    desk = Desk()
    desk.machines.fault = fault
    await desk.say("poweron web-1")
    assert (["com.reflexarc.command.failed"], []) == (desk.told(), desk.requests())
    assert "Something went wrong here" in desk.replies()[-1]
    assert ("T1", str(fault) if isinstance(fault, InvalidRemediation) else "ValueError") in [
        (orjson.loads(value)["channel"][:2], orjson.loads(value)["reason"])
        for topic, value, _ in desk.kafka.records
        if topic == "p.audit"
    ]


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


async def test_status_knows_an_undo_by_the_id_that_was_told() -> None:
    desk = Desk()
    desk.watch.hear(Known("a" * 16, "succeeded", "", "power-on", "web-1", "vc1", "anna", "undo", "", command="b" * 16))
    await desk.say(f"status {'b' * 16}")
    assert [f"Command {'b' * 16} is succeeded."] == desk.replies()


async def test_what_waits_is_answered_by_the_id_of_its_command_as_well() -> None:
    desk = Desk()
    desk.watch.hear(Known("a" * 16, "parked", "", "power-on", "web-1", "vc1", "anna", "undo", "", command="b" * 16))
    await desk.say(f"approve {'b' * 16}", user="U2")
    ((_, value, _),) = [each for each in desk.kafka.records if each[0] == "p.requests.urgent"]
    assert "a" * 16 == Answer.decode(value).id


@pytest.mark.parametrize("fault", [TopicRefused("no such topic"), PublishRejected("too large")], ids=repr)
async def test_what_cannot_be_answered_is_asked_for_all_the_same(fault: Exception) -> None:
    """The topic of the sink is not there any more, or not ours; the audit has what nobody has heard."""
    desk = Desk()
    desk.kafka.fault, desk.kafka.refused = fault, "p.sink.chat"
    await desk.say("poweron web-1")
    await desk.say("echo one")
    assert 1 == len(desk.requests())
    unheard, answered = "com.reflexarc.command.unheard", "com.reflexarc.command.answered"
    assert [unheard, answered, unheard] == desk.told()


async def test_an_answer_waits_for_brokers_that_are_away() -> None:
    desk = Desk()
    desk.kafka.fault, desk.kafka.refused = Unreachable("away"), "p.sink.chat"
    with pytest.raises(Unavailable):
        await desk.say("poweron web-1")
    assert [] == desk.requests()


async def test_at_a_command_line_the_answer_is_in_the_audit_and_in_slack_it_is_not() -> None:
    """Nobody else brings it there."""
    desk = Desk()
    await desk.say("echo one")
    await desk.type("echo two")
    said = [orjson.loads(value).get("text") for topic, value, _ in desk.kafka.records if topic == "p.audit"]
    assert ([None, "two"], ["one"]) == (said, desk.replies())
