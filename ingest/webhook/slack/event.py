"""The CloudEvent of a call: who asked is signed, where answers go is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.webhook.payload import document
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from schemas.principal import EXTENSION, Principal, sign
from schemas.seal import seal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from ingest.webhook.request import Request
    from ingest.webhook.slack.call import Call
    from schemas.cloudevents import CloudEvent
    from schemas.keys import Key

REPLY: Final = "replyaddress"
"""The attribute that holds the sealed address of the answer."""

REPLY_SECONDS: Final = 30 * 60
"""How long Slack takes answers at an address."""


class Keys(NamedTuple):
    """What is needed to write an event."""

    seal: Sequence[Key]
    principal: Sequence[Key]


def record(
    request: Request, call: Call, keys: Keys, *, time: int, verified: Literal["slack-v0", "slack-socket"]
) -> CloudEvent:
    """Return the event of ``call``.

    Args:
        request: that it came with.
        call: what is asked for.
        keys: the first of each is used.
        time: of the request, seconds since 1970.
        verified: how it is known who asks.
    """
    said = {name: getattr(call, name) for name in ("command", "text", "channel", "user", "team")}
    plain = event(
        request,
        id=identity(call.id) if call.id else digest(request.body),
        type=call.type,
        subject=call.command,
        key=f"slack/{call.team}/{call.channel or call.user}",
        data=document.write(said | call.details),
        time=datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z"),
    )
    principal = Principal(team=call.team, user=call.user, channel=call.channel, verified=verified, time=time)
    added: dict[str, str] = {EXTENSION: sign(principal, plain, keys.principal)}
    if call.reply:
        expiry = time + REPLY_SECONDS
        added[REPLY] = seal(call.reply, keys.seal, source=plain.source, id=plain.id, expiry=expiry)
    return replace(plain, extensions={**plain.extensions, **added})
