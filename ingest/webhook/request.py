"""One request as an adapter sees it: let in, complete, decompressed."""

from __future__ import annotations

from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """What was sent.

    Attributes:
        method: ``POST`` or ``PUT``.
        tail: what follows the path of the endpoint, percent-decoded and without the slash before it; mostly empty.
        headers: names as they were sent, in order; a name may occur twice.
        body: after decompression.
        endpoint: name of the endpoint in the configuration.
    """

    method: str
    tail: str
    headers: Headers
    body: bytes
    endpoint: str

    @property
    def source(self) -> str:
        """The ``source`` of events whose sender names none."""
        return f"/ingest/webhook/{self.endpoint}"
