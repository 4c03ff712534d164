"""One thing that somebody asks for in Slack, whichever way it came."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from schemas.cloudevents.attributes import cleaned, excerpt, invalid

_ID: Final = re.compile(r"[A-Z0-9]{1,32}")
_REPLY: Final = re.compile(r"https://hooks\.slack\.com/[!-\[\]-~]{1,1000}")


class Call(NamedTuple):
    """What is asked for, and by whom.

    Attributes:
        type: of the event.
        id: Slack's own for this one occasion; empty when it gave none.
        command: what is called: ``/vm``, or the name of a button, dialog or shortcut.
        text: what was said with it, without markup.
        team: id of the workspace.
        channel: id of the channel; empty where there is none.
        user: id of the person.
        reply: address that takes answers for half an hour; whoever knows it may speak there. Empty without one.
        details: further members of the data.
    """

    type: str
    id: str
    command: str
    text: str
    team: str
    channel: str
    user: str
    reply: str
    details: dict[str, Any]


def call(
    type_: str,
    *,
    id: object,  # noqa: A002 - the attribute's name
    command: object,
    text: str,
    team: object,
    channel: object,
    user: object,
    reply: object,
    details: dict[str, Any] | None = None,
) -> Call:
    """Return the call of what a request says, whatever that is.

    Raises:
        InvalidEvent: it does not say who asks for what, or wants answers at another place than Slack's.
    """
    if not isinstance(command, str) or not cleaned(command):
        raise invalid("command", "required, but missing")
    if reply and not (isinstance(reply, str) and _REPLY.fullmatch(reply)):
        raise invalid("response_url", "is not an address of https://hooks.slack.com/")
    return Call(
        type_,
        id if isinstance(id, str) else "",
        cleaned(command),
        text,
        _named("team_id", team),
        _named("channel_id", channel) if channel else "",
        _named("user_id", user),
        reply if isinstance(reply, str) else "",
        details or {},
    )


def _named(name: str, value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise invalid(name, f"{excerpt(value)} is not an id of Slack" if value else "required, but missing")
    return value
