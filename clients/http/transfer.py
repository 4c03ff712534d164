"""One request on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from clients.http.endpoint import Endpoint
    from clients.http.handle import Handle
    from clients.http.response import Response


class Transfer:
    """A request and the future that waits for it; the rest belongs to the engine's thread.

    Attributes:
        handle: what carries it at this moment.
    """

    __slots__ = ("body", "endpoint", "future", "handle", "lines")

    def __init__(
        self, endpoint: Endpoint, lines: Sequence[bytes], body: bytes | None, future: asyncio.Future[Response]
    ) -> None:
        self.endpoint = endpoint
        self.lines = lines
        self.body = body
        self.future = future
        self.handle: Handle | None = None
