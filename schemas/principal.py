"""Who asks for something, and how that was verified; signed for the one event that it came with.

``v1.<key id>.<base64url of JSON>.<base64url of HMAC-SHA-256>``: the code is over the words before it and all that the
event asks for, so that a signature that is put on another event is worth nothing.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas import keys, token
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.keys import Key

EXTENSION: Final = "principal"
"""The attribute that holds it."""

LONGEST: Final = 2048
"""Characters of a signed principal."""

_PURPOSE: Final = "reflexarc principal v1"
_SIGNED: Final = re.compile(r"(?P<head>v1\.(?P<key>[0-9a-f]{16})\.(?P<who>[A-Za-z0-9_-]+))\.(?P<code>[A-Za-z0-9_-]+)")


class Principal(BaseModel):
    """Whom an event comes from.

    Attributes:
        team: id of the workspace; empty for who came another way.
        user: id in it; at the command line the name of the system's user.
        channel: id of where it was said; empty where there is none.
        verified: ``slack-v0``: the request was signed; ``slack-socket``: it came by a connection that we opened;
            ``cli``: the operating system says so.
        time: of the request, seconds since 1970.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    team: str
    user: str
    channel: str
    verified: Literal["slack-v0", "slack-socket", "cli"]
    time: int


class Unverified(ReflexarcError):  # noqa: N818 - reads as the state it names
    """No principal that can be believed: not ours, not of this event, or changed."""


def sign(principal: Principal, event: CloudEvent, ring: Sequence[Key]) -> str:
    """Return ``principal`` signed for ``event`` with the first key."""
    head = f"v1.{ring[0].id}.{token.encode(principal.model_dump_json().encode())}"
    return f"{head}.{token.encode(_code(head, event, ring[0]))}"


def verify(event: CloudEvent, ring: Sequence[Key]) -> Principal:
    """Return whom ``event`` comes from, for who decides on a command.

    Args:
        event: whatever a record holds.
        ring: every key that counts.

    Raises:
        Unverified: its attribute ``principal`` was not made for it, or not with one of these keys.
    """
    given = event.extensions.get(EXTENSION)
    found = _SIGNED.fullmatch(given) if isinstance(given, str) and len(given) <= LONGEST else None
    code = token.decode(found["code"]) if found else None
    if found is None or code is None:
        raise Unverified("the event has no signed principal")
    key = keys.named(ring, found["key"])
    if key is None or not hmac.compare_digest(code, _code(found["head"], event, key)):
        raise Unverified("the principal was not signed here, or not for this event")
    try:
        return Principal.model_validate_json(token.decode(found["who"]) or b"")
    except ValidationError:
        raise Unverified("the principal is of a form that is not known") from None


def _code(head: str, event: CloudEvent, key: Key) -> bytes:
    """The code over everything but the attributes that are added to an event on its way."""
    asked = (event.source, event.id, event.type, event.subject or "", event.time or "", event.datacontenttype or "")
    signed = token.joined(head.encode(), *(text.encode() for text in asked), event.data or b"")
    return hmac.digest(key.material(_PURPOSE), signed, "sha256")
