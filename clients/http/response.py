"""What a server answered, kept within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Response:
    """One final answer; redirects are answers too.

    Attributes:
        status: the HTTP status code.
        headers: lower-case names; repeated headers joined by ``", "``. libcurl bounds them at 300 KiB.
        body: the first bytes of the body, as many as the request wanted to keep.
        complete: whether ``body`` is all of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool


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
