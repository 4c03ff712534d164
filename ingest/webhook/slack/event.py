"""The CloudEvent of a call: who asked is signed, where answers go is sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.webhook.doors.secrets import current
from ingest.webhook.payload import document
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from schemas.commands.kinds import ADDRESS
from schemas.epoch import moment, written
from schemas.keys import keyring
from schemas.principal import EXTENSION, Principal, sign
from schemas.seal import seal

if TYPE_CHECKING:
    from typing import Literal

    from ingest.webhook.request import Request
    from ingest.webhook.slack.call import Call
    from schemas.cloudevents import CloudEvent
    from schemas.config.webhook import SlackConfig

REPLY_SECONDS: Final = 30 * 60
"""How long Slack takes answers at an address."""


def record(
    request: Request, call: Call, settings: SlackConfig, *, time: int, verified: Literal["slack-v0", "slack-socket"]
) -> CloudEvent:
    """Return the event of ``call``.

    Args:
        request: that it came with.
        call: what is asked for.
        settings: with the keys; the first of each is used.
        time: of the request, seconds since 1970.
        verified: how it is known who asks.

    Raises:
        Refused: a key file cannot be read.
    """
    ring = keyring(current(settings.principal_key))
    said = {name: getattr(call, name) for name in ("command", "text", "channel", "user", "team")}
    plain = event(
        request,
        id=identity(call.id) if call.id else digest(request.body),
        type=call.type,
        subject=call.command,
        key=f"slack/{call.team}/{call.channel or call.user}",
        data=document.write(said | call.details),
        time=written(moment(time * 1000)),
    )
    principal = Principal(team=call.team, user=call.user, channel=call.channel, verified=verified, time=time)
    added: dict[str, str] = {EXTENSION: sign(principal, plain, ring)}
    if call.reply:
        ring, expiry = keyring(current(settings.seal_key)), time + REPLY_SECONDS
        added[ADDRESS] = seal(call.reply, ring, source=plain.source, id=plain.id, expiry=expiry)
    return replace(plain, extensions={**plain.extensions, **added})
