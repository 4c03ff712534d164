"""One request as an adapter sees it: past the door, decompressed, inside the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ingest.webhook.adapter import Headers


class Request(NamedTuple):
    """What a sender sent.

    Attributes:
        method: ``POST`` or ``PUT``.
        tail: what follows the endpoint's path, without the leading slash; mostly empty.
        headers: names and values, in the order they came.
        body: the body, decompressed.
        endpoint: the endpoint's name in the configuration.
    """

    method: str
    tail: str
    headers: Headers
    body: bytes
    endpoint: str
