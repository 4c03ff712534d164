"""GitHub's webhooks, for repositories and organisations: one event per delivery. The signature is the door's business.

``X-GitHub-Event`` and the member ``action`` make the type, ``X-GitHub-Delivery`` is the id: a redelivery has the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import identity
from ingest.webhook.payload.place import Place
from schemas.cloudevents.attributes import excerpt, invalid

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "github"
_PING: Final = "ping"
_WORD: Final = re.compile(r"[a-z0-9_-]{1,64}")
_DELIVERY: Final = re.compile(r"[!-~]{1,128}")


def events(request: Request) -> list[CloudEvent]:
    """Translate one delivery; a ping is none.

    Raises:
        InvalidEvent: the message begins with the header or JSON path at fault.
    """
    kind = _header(request, "X-GitHub-Event", _WORD)
    delivery = _header(request, "X-GitHub-Delivery", _DELIVERY)
    payload = Place.of(request.body)
    if kind == _PING:
        return []
    action = payload.hint("action")
    words = (kind, action) if action is not None and _WORD.fullmatch(action) else (kind,)
    owner = payload.hint("repository", "full_name") or payload.hint("organization", "login") or kind
    return [
        event(
            request,
            id=identity(delivery),
            type=f"com.reflexarc.{_NAME}.{'.'.join(words)}.v0",
            subject=owner,
            key=f"{_NAME}/{owner}",
            data=request.body,
        )
    ]


def _header(request: Request, name: str, form: re.Pattern[str]) -> str:
    value = next((value for given, value in request.headers if given.lower() == name.lower()), None)
    if value is None:
        raise invalid(name, "required, but missing")
    if not form.fullmatch(value):
        raise invalid(name, f"{excerpt(value)} is not what GitHub sends")
    return value


ADAPTER: Final = Adapter(
    accepts=("a delivery of GitHub, with its X-GitHub headers: Content-Type: application/json",),
    adapt=events,
)
