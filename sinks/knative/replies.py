"""The event that a receiver may answer with: told from other answers, kept from going round for ever.

Source of the rules: Knative's data plane contract, "Event reply".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from schemas.cloudevents import http
from schemas.errors import InvalidEvent
from sinks.knative import trace

if TYPE_CHECKING:
    from clients.http import Response
    from schemas.cloudevents import CloudEvent, Value

LARGEST: Final = 2**20  # bytes of a reply's body; more would not fit a record anyway

HOPS: Final = "reflexarchops"
"""Extension attribute: how many replies in a row led to an event."""

MOST_HOPS: Final = 16

_CLOUDEVENTS: Final = "application/cloudevents"


class Looping(Exception):  # noqa: N818 - names the state
    """A reply to a reply, and so on, once too often."""


def read(response: Response, event: CloudEvent) -> CloudEvent | None:
    """The event that came back for ``event``, one hop further, in the same trace; None: the answer is no event.

    Raises:
        InvalidEvent: it was meant to be one, and is not.
        Looping: it would be the ``MOST_HOPS + 1``-th reply in a row.
    """
    if not _is_meant(response):
        return None
    if not response.complete:
        raise InvalidEvent(f"reply: its body is longer than {LARGEST} bytes")
    reply = http.from_request(response.headers.items(), response.body)
    hops = max(_hops(event), _hops(reply)) + 1
    if hops > MOST_HOPS:
        raise Looping
    # The receiver's own word on the trace goes before its header, and what it was sent comes last.
    found = trace.context(reply.extensions) or trace.context(response.headers) or trace.context(event.extensions)
    kept = {name: value for name, value in reply.extensions.items() if name not in {trace.PARENT, trace.STATE}}
    return replace(reply, extensions={**kept, **found, HOPS: hops})


def _is_meant(response: Response) -> bool:
    content_type = response.headers.get("content-type", "").lower()
    return content_type.startswith(_CLOUDEVENTS) or any(name.startswith("ce-") for name in response.headers)


def _hops(event: CloudEvent) -> int:
    """What an event says of itself; in headers a number is text. Nonsense is too many."""
    said: Value = event.extensions.get(HOPS, 0)
    text = str(said)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else MOST_HOPS
