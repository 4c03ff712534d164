"""What is said of events: replies as they are worded, others by a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Reject
from schemas.templates.fuel import Fuel
from schemas.templates.inputs import Inputs
from schemas.templates.template import Template
from schemas.templates.unfit import Unfit
from sinks.slack.message import message

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from schemas.commands.reply import Reply
    from sinks.slack.message import Message

PARKED: Final = "com.reflexarc.remediation.parked"
"""``type`` of the event that tells of a request which waits for a person."""

TEXT: Final = """\
{{ event.subject | default(event.type) }}
{{ event.source }} at {{ event.time | default("-") }}"""

WAITING: Final = """\
{{ data.action }} of {{ data.entity.name if data.entity else data.sink }} waits for approval.
Asked for by {{ data.requester }}{{ ": " + data.reason if data.reason is defined else "" }}"""

_ID: Final = re.compile(r"[0-9a-f]{16}")


def answer(reply: Reply) -> Message:
    """The message of a reply; its small print names the action and the step, so that a repeated one is recognised."""
    context = f"reflexarc {reply.id} {reply.step}"
    return message(reply.text, code=reply.code, context=context, ask=reply.ask)


class Board:
    """Words events that are no replies.

    Args:
        text: the operator's template; None: ours.
    """

    def __init__(self, text: str | None) -> None:
        self._text = Template(TEXT if text is None else text)
        self._waiting = Template(WAITING if text is None else text)

    def notice(self, event: CloudEvent, *, ours: bool) -> Message:
        """The message of an event; one of a parked request has buttons.

        Args:
            event: no reply.
            ours: whether this installation has written it; what others say of requests is told without buttons.

        Raises:
            Reject: the event lacks what the template reads; the reason names it.
        """
        inputs = Inputs.of(event)
        asked = _asked(event, inputs.data) if ours else ""
        try:
            text = (self._waiting if asked else self._text).render(*inputs, Fuel())
        except Unfit as error:
            raise Reject(f"text: {error}") from None
        return message(text, context=f"reflexarc {asked or event.id}", ask=asked)


def _asked(event: CloudEvent, data: Any) -> str:
    """Id of the request that an event says is waiting; empty for any other event."""
    found = data.get("actionId") if event.type == PARKED and isinstance(data, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""
