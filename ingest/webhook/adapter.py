"""What an adapter is: what it accepts, and a pure function from request to CloudEvents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.webhook.request import Headers, Request
    from schemas.cloudevents import CloudEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One kind of sender.

    Attributes:
        accepts: what it may send, a phrase per form, for people (``GET /``).
        methods: the methods it may use.
        tails: whether something may follow the path of the endpoint.
        media_types: what its body may be, in lower case and without parameters.
        adapt: request → its events, in order, none for one that only tests the way; raises InvalidEvent and nothing
            else, whatever the bytes. The message begins with the JSON path or the attribute at fault. Where people
            hear the answer, also a problem for them.
        is_ping: query or body → whether it only tests the way: answered before any proof is asked for, also to a GET.
        refusal: in place of ``media_types``, where they do not tell all: headers → why they are not taken, or None.
    """

    accepts: tuple[str, ...]
    methods: tuple[str, ...] = ("POST",)
    tails: bool = False
    media_types: frozenset[str] = frozenset({"application/json"})
    adapt: Callable[[Request], Sequence[CloudEvent]]
    is_ping: Callable[[bytes], bool] | None = None
    refusal: Callable[[Headers], str | None] | None = None

    def refuses(self, headers: Headers) -> str | None:
        """Why this media type is not taken (415), or None when it is."""
        if self.refusal is not None:
            return self.refusal(headers)
        if media_type(headers) in self.media_types:
            return None
        return f"Send the body as {' or '.join(sorted(self.media_types))}."


def media_type(headers: Headers) -> str:
    """Return the media type of the body, lower-case and without parameters; empty when none is given."""
    value = next((value for name, value in headers if name.lower() == "content-type"), "")
    return value.partition(";")[0].strip().lower()
