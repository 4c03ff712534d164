"""Hears commands, one after the other of a channel: has them decided on, or answers at once."""

from __future__ import annotations

import asyncio
import logging
from time import time
from typing import TYPE_CHECKING, Final, Literal

from clients.kafka.errors import PublishRejected, TopicRefused
from clients.kafka.record import Outgoing
from schemas import topics
from schemas.commands.errand import SAID
from schemas.errors import ReflexarcError, Refused, Reject, Unavailable, Unreachable
from schemas.principal import Unverified
from schemas.remediation.answer import Answer
from streams.commanding import audit
from streams.commanding.asking import asked
from streams.commanding.call import heard
from streams.commanding.questions import answered
from streams.commanding.quota import Quota, Wanted
from streams.commanding.talk import talk, yet
from streams.commands import wording
from streams.commands.arguments import Answered, New, Query, Reference
from streams.commands.authority import Authority, Case
from streams.commands.deed import Asker, Ground
from streams.commands.deeds import deed
from streams.commands.facts import Facts
from streams.commands.parse import Misuse, parse
from streams.commands.undoing import objection, request, undone, unknown, whose
from streams.commands.verbs import VERBS
from streams.remediation.replies import reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.publisher import Publisher
    from schemas.cloudevents import CloudEvent
    from schemas.commands.errand import Errand
    from schemas.config import Config
    from schemas.config.commands import CommandsConfig
    from schemas.keys import Key
    from schemas.remediation.request import Request
    from streams.commanding.call import Call, Rings
    from streams.commanding.targets import Targets
    from streams.commanding.watch import Watch
    from streams.commands.deed import Deed
    from streams.commands.parse import Command
    from streams.commands.wording import Wording

NONE: Final = "-"
"""In the place of the verb of what is no command."""

WRONG: Final = (
    "Something went wrong here, and nothing was asked for. Try it again; if it stays so, an operator finds the reason "
    "in the audit."
)

KNOWN_WITHIN: Final = 10.0
"""Seconds in which the audit is read, after a start, when a machine is not found."""

log = logging.getLogger(__name__)


class Clerk:
    """The connector that the topic of commands is delivered to. Nothing that somebody asks for is lost or done here.

    Args:
        config: the whole configuration.
        commands: its section.
        publisher: has started.
        rings: what principals are signed with.
        ring: what requests and answers are signed with; one key at least.
        targets: where machines are looked for.
        watch: what is known of actions.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        config: Config,
        commands: CommandsConfig,
        publisher: Publisher,
        *,
        rings: Rings,
        ring: Callable[[], Sequence[Key]],
        targets: Targets,
        watch: Watch,
        clock: Callable[[], float] = time,
    ) -> None:
        self._prefix = config.kafka.prefix
        self._commands = commands
        self._publisher = publisher
        self._rings = rings
        self._ring = ring
        self._targets = targets
        self._watch = watch
        self._authority = Authority.of(commands)
        self._clock = clock
        self._quota = Quota(targets, watch, clock)

    async def open(self) -> None:
        """Nothing to do: a vCenter that is away is told of with each command."""

    async def close(self) -> None:
        """Nothing to do: what it uses belongs to the role."""

    async def send(self, event: CloudEvent) -> None:
        """Deal with one command.

        What fails here fails for this one alone: whoever gives it hears so, and the audit does.

        Raises:
            Unavailable: Kafka is away, or a key cannot be read.
            Reject: Kafka takes nothing that follows from it, not even that it has failed.
        """
        try:
            call = heard(event, self._rings)
        except Unverified as error:
            log.warning("%s %s: %s", event.source, event.id, error)
            await self._publish(audit.disbelieved(self._prefix, event, str(error), at=self._clock()))
            return
        except Refused as error:
            raise Unavailable(str(error)) from error
        if call is None:
            return
        try:
            await self._hear(call)
        except (Unavailable, Refused, Unreachable):
            raise
        except Exception as error:
            log.exception("%s %s: a command has failed here", event.source, event.id)
            await self._fail(call, error)

    async def _fail(self, call: Call, error: Exception) -> None:
        first = next(iter(call.text.split()), NONE)
        verb = first if first in VERBS else NONE
        errand = call.errand(verb, self._authority.identities.person(call.way), replies=self._commands.replies)
        why = str(error) if isinstance(error, ReflexarcError) else type(error).__name__
        await self._say(errand, wording.answer(WRONG), "failed", why)

    async def _hear(self, call: Call) -> None:
        person = self._authority.identities.person(call.way)
        command = parse(call.text, self._targets.vcenters)
        if isinstance(command, Misuse):
            errand = call.errand(command.verb or NONE, person, replies=self._commands.replies)
            await self._refuse(errand, command.text)
            return
        match VERBS[command.verb].what:
            case "action":
                await self._act(call, person, command)
            case "answer":
                await self._answer(call, person, command)
            case "talk":
                await self._talk(call, person, command)
            case "undo":
                await self._undo(call, person, command)

    def _errand(self, call: Call, person: str, command: Command, vm: str = "") -> Errand:
        return call.errand(command.verb, person, replies=self._commands.replies, vm=vm)

    async def _talk(self, call: Call, person: str, command: Command) -> None:
        errand, case = self._errand(call, person, command), Case(person, command.verb, channel=call.channel)
        no = self._authority.refusal(case)
        if no is not None:
            await self._refuse(errand, no)
            return
        said = talk(command, person, self._watch)
        if said is None:
            assert isinstance(command.arguments, Query)  # noqa: S101 - as the verbs that talk are written
            reach = self._authority.reach(case, self._targets.vcenters)
            said = await answered(command.arguments, person, reach, self._targets)
        await self._say(errand, said, "answered")

    async def _answer(self, call: Call, person: str, command: Command) -> None:
        given = command.arguments
        assert isinstance(given, Answered)  # noqa: S101 - as the verb's form says
        errand, known = self._errand(call, person, command), self._watch.get(given.id)
        vcenter = known.vcenter if known else ""
        no = self._authority.refusal(Case(person, command.verb, vcenter, channel=call.channel))
        if no is not None or known is None:
            await self._refuse(errand, no or f"Nothing called {given.id} is known here{yet(self._watch)}.")
            return
        if not vcenter:
            no = f"{wording.FAILED}{given.id} waits for nobody's answer: what it is about was not found."
            await self._refuse(errand, no)
            return
        answer = Answer(
            id=known.id,
            scope=vcenter,
            approve=command.verb == "approve",
            person=person,
            reason=given.reason,
            at=float(call.principal.time),
            errand=errand,
        )
        topic = topics.requests(self._prefix, urgent=True)
        await self._publish(Outgoing(topic, answer.signed(self._ring()).encode(), vcenter.encode()))

    async def _act(self, call: Call, person: str, command: Command) -> None:
        case = Case(person, command.verb, channel=call.channel)
        wanted = self._wanted(call, case, command)
        if isinstance(wanted, Misuse):
            await self._refuse(self._errand(call, person, command), wanted.text)
            return
        errand = self._errand(call, person, command, wanted.vm.name)
        within = [wanted.vm.vcenter] if wanted.vm.vcenter else list(self._targets.vcenters)
        case = case._replace(preset=wanted.preset)
        reach = self._authority.reach(case, within)
        if not reach:
            no = self._authority.refusal(case._replace(vcenter=within[0] if within else "", owner=""))
            await self._refuse(errand, no or "There is no vCenter here.")
            return
        await self._acknowledge(errand, call)
        found = await asked(wanted, errand, call, reach, self._targets, now=self._clock())
        if found.entity is not None:
            # A new machine is whoever's asks for it; the folder that it is made in is nobody's.
            owner = person if found.entity.new is not None else found.entity.owner or ""
            no = self._authority.refusal(case._replace(vcenter=found.entity.vcenter, owner=owner))
            if no is not None:
                await self._refuse(errand, no)
                return
        elif await self._is_known(errand):
            return
        if wanted.folder and (over := await self._excess(wanted, errand)) is not None:
            await self._refuse(errand, f"{wording.FAILED}{over}")
            return
        await self._ask(found)

    async def _is_known(self, errand: Errand) -> bool:
        """Whether the command has been asked for before: what it has taken away is not found any more."""
        await asyncio.to_thread(self._watch.wait, KNOWN_WITHIN)
        return self._watch.get(errand.id) is not None

    async def _undo(self, call: Call, person: str, command: Command) -> None:
        given = command.arguments
        assert isinstance(given, Reference)  # noqa: S101 - as the verb's form says
        id_ = given.id or ""
        errand, begun = self._errand(call, person, command), self._watch.begun(id_)
        vcenter, owner = (begun.entity.vcenter, whose(begun)) if begun else ("", person)
        no = self._authority.refusal(Case(person, command.verb, vcenter, owner=owner, channel=call.channel))
        if no is not None or begun is None or (no := objection(begun, self._watch.get(id_))) is not None:
            await self._refuse(errand, no or unknown(id_, yet(self._watch)))
            return
        undo = undone(begun, person, at=float(call.principal.time)).signed(self._ring())
        if undo.event == call.event:  # as an operator's own would be called, who is asked for no approval
            await self._refuse(errand, unknown(id_))
            return
        errand = errand.model_copy(update={"vm": begun.entity.name[:SAID]})
        await self._acknowledge(errand, call)
        found = await self._targets.again(begun)
        if found.entity is not None and begun.entity.new is None:
            no = self._authority.refusal(
                Case(person, command.verb, vcenter, owner=found.entity.owner or "", channel=call.channel)
            )
            if no is not None:
                await self._refuse(errand, no)
                return
        await self._ask(request(self._prefix, undo, begun.parameters, found, errand))

    async def _ask(self, request: Request) -> None:
        signed = request.signed(self._ring())
        await self._publish(Outgoing(topics.requests(self._prefix), signed.encode(), signed.scope.encode()))

    async def _excess(self, wanted: Deed, errand: Errand) -> str | None:
        """Why the machine would be one too many."""
        asked = Wanted(errand.id, errand.person, wanted.vm.vcenter or "", wanted.vm.name)
        return await self._quota.refusal(asked, wanted.quota)

    def _wanted(self, call: Call, case: Case, command: Command) -> Deed | Misuse:
        asker = Asker(case.person, call.principal.team, case.channel)
        usable = self._authority.presets(case, self._commands.presets) if isinstance(command.arguments, New) else {}
        ground = Ground(
            self._commands, asker, usable, call.id(command.verb), self._clock(), self._authority.owner(case)
        )
        return deed(command, ground)

    async def _refuse(self, errand: Errand, no: str) -> None:
        await self._say(errand, wording.answer(no), "refused")

    async def _acknowledge(self, errand: Errand, call: Call) -> None:
        await self._tell(errand, wording.reply("acknowledged", Facts(verb=errand.verb, id=errand.id, said=call.text)))

    async def _say(
        self, errand: Errand, said: Wording, step: Literal["answered", "refused", "failed"], why: str = ""
    ) -> None:
        """Say the last word, and have the audit hear of it, and why where that is more."""
        await self._publish(audit.told(self._prefix, step, errand, said, at=self._clock(), why=why))
        await self._tell(errand, said, step)

    async def _tell(self, errand: Errand, said: Wording, step: str = "acknowledged") -> None:
        if not errand.replies:
            return
        now = self._clock()
        try:
            await self._publish(reply(self._prefix, topics.COMMAND, errand, said, step=step, at=now))
        except (Reject, Unavailable) as error:
            # Whoever asks shall hear; that it is done matters more.
            if not isinstance(error.__cause__, TopicRefused | PublishRejected):
                raise
            log.warning("nobody hears of command %s: %s", errand.id, error)
            await self._publish(audit.unheard(self._prefix, step, errand, str(error), at=now))

    async def _publish(self, record: Outgoing) -> None:
        try:
            await self._publisher.publish(
                record.topic, value=record.value, key=record.key, headers=tuple(record.headers)
            )
        except PublishRejected as error:
            raise Reject(str(error)) from error
        except (Unreachable, Refused) as error:
            raise Unavailable(str(error)) from error
