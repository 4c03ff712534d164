"""What an endpoint is: a path, what it accepts, and a pure function from request to CloudEvent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

    Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One kind of sender.

    Attributes:
        path: where it posts.
        accepts: what it may send, a phrase per form, for people (``GET /``).
        refusal: headers → why this media type is not taken (415), or None when it is.
        adapt: headers and body → event; raises InvalidEvent and nothing else, whatever the bytes.
    """

    path: str
    accepts: tuple[str, ...]
    refusal: Callable[[Headers], str | None]
    adapt: Callable[[Headers, bytes], CloudEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One kind of sender, wherever it posts.

    Attributes:
        accepts: what it may send, a phrase per form, for people (``GET /``).
        adapt: request → events, in the order of the payload; raises InvalidEvent and nothing else, whatever the bytes.
            No event at all is a valid answer: a test notification.
        methods: HTTP methods that it uses.
        tails: whether something may follow the endpoint's path.
        media_types: what the body may be declared as.
    """

    accepts: tuple[str, ...]
    adapt: Callable[[Request], Sequence[CloudEvent]]
    methods: tuple[str, ...] = ("POST",)
    tails: bool = False
    media_types: frozenset[str] = frozenset({"application/json"})


def media_type(headers: Headers) -> str:
    """Return the media type of the body, lower-case and without parameters; empty when none is given."""
    value = next((value for name, value in headers if name.lower() == "content-type"), "")
    return value.partition(";")[0].strip().lower()
