"""One command as it came: who gives it, in which words, and where the answer goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from schemas.commands.errand import SAID, Errand
from schemas.commands.kinds import ADDRESS, APPROVE, PRESSED, REFUSE, SLASH, TYPED
from schemas.config.redact import Redactor
from schemas.principal import Unverified, verify
from schemas.remediation.request import request_id
from schemas.seal import LONGEST
from streams.commands.identities import by_command_line, by_slack
from streams.guard import commanded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.keys import Key
    from schemas.principal import Principal

    Rings = Callable[[str, str], Sequence[Key]]
    """The keys that the principal of an event with this type and source may be signed with."""

_BUTTONS: Final = {APPROVE: "approve", REFUSE: "refuse"}


class Call(NamedTuple):
    """One command.

    Attributes:
        source: of its event; with ``event`` it names it.
        event: id of that event.
        type: of that event.
        text: as it was typed.
        principal: who, verified.
        address: sealed for the event; empty without one.
        dry_run: whether only the plan is wanted.
    """

    source: str
    event: str
    type: str
    text: str
    principal: Principal
    address: str = ""
    dry_run: bool = False

    @property
    def way(self) -> str:
        """How whoever gives it comes: ``slack/T1/U1``, ``cli/anna``."""
        who = self.principal
        return by_slack(who.team, who.user) if who.team else by_command_line(who.user)

    @property
    def channel(self) -> str:
        """Of Slack, ``T…/C…``; empty where there is none."""
        who = self.principal
        return f"{who.team}/{who.channel}" if who.team and who.channel else ""

    def id(self, verb: str) -> str:
        """By which its replies are known, and the action that it asks for: the same whenever it comes again."""
        return request_id(commanded.name(verb), self.source, self.event)

    def errand(self, verb: str, person: str, *, replies: str | None, vm: str = "") -> Errand:
        """What goes on with what it asks for.

        Args:
            verb: its first word, or ``-`` where that is none.
            person: who gives it.
            replies: name of the sink that answers in Slack, if there is one.
            vm: name of the machine that it is about.
        """
        who, blank = self.principal, Redactor().redact
        return Errand(
            id=self.id(verb),
            source=self.source,
            event=self.event,
            verb=verb,
            said=blank(self.text)[:SAID],
            vm=vm[:SAID],
            person=person,
            replies=(replies or "") if who.team else "",
            team=who.team,
            channel=who.channel,
            user=who.user if who.team else "",
            address=self.address,
            dry_run=self.dry_run,
        )


def heard(event: CloudEvent, rings: Rings) -> Call | None:
    """The command of an event of the topic of commands; None for a button that is none of ours.

    Raises:
        Unverified: nobody who is known gives it; whatever it says is not looked at.
    """
    principal = verify(event, rings(event.type, event.source))
    text = _text(event)
    if text is None:
        return None
    address = event.extensions.get(ADDRESS)
    return Call(
        event.source,
        event.id,
        event.type,
        text,
        principal,
        address if isinstance(address, str) and len(address) <= LONGEST else "",
        event.type == TYPED and _data(event).get("dry_run") is True,
    )


def _text(event: CloudEvent) -> str | None:
    given = _data(event).get("text")
    text = given if isinstance(given, str) else ""
    match event.type:
        case kind if kind in {SLASH, TYPED}:
            return text
        case kind if kind == PRESSED:
            verb = _BUTTONS.get(event.subject or "")
            return None if verb is None else f"{verb}\n{text}"
        case _:
            raise Unverified(f"the type {event.type} is not one of a command")


def _data(event: CloudEvent) -> dict[str, Any]:
    try:
        found = orjson.loads(event.data or b"")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
