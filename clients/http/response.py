"""What a server answered, kept within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Response:
    """One final answer; redirects are answers too.

    Attributes:
        status: the HTTP status code.
        body: the first bytes of the body, as many as the request wanted to keep.
        complete: whether ``body`` is all of it.
    """

    __slots__ = ("_heads", "body", "complete", "status")

    def __init__(self, status: int, heads: Sequence[bytes], body: bytes, *, complete: bool) -> None:
        self.status = status
        self.body = body
        self.complete = complete
        self._heads = heads

    @property
    def headers(self) -> Mapping[str, str]:
        """By lower-case name, read anew each time; repeated ones joined by ``", "``. libcurl bounds them at 300 KiB."""
        return parse_headers(self._heads)


def parse_headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Headers of the final answer among the header lines of all answers (interim ones, a proxy's CONNECT)."""
    headers: dict[str, str] = {}
    for line in lines:
        if line.startswith(b"HTTP/"):
            headers.clear()
            continue
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            key, text = name.strip().lower(), value.strip()
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
