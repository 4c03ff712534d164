"""What to ask of a server, checked before libcurl sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

USER_AGENT = f"reflexarc/{version('reflexarc')}"

# RFC 9110 §5: a token, then a value without CR, LF and NUL. libcurl reads "name:" as "without this header"; its
# spelling of an empty value is "name;".
_LINE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:;|: [\t\x20-\x7e\x80-\xff]+)")
# Headers that libcurl adds by itself. Expect would cost a round trip.
_IMPLIED = {"accept": b"Accept:", "content-type": b"Content-Type:", "expect": b"Expect:"}
_USER_AGENT_LINE = f"User-Agent: {USER_AGENT}".encode()


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom to trust; handles and connections are shared only within equal ones."""

    ca_file: Path | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        header_lines: as libcurl takes them, see :func:`header_lines`.
        timeout: seconds for everything from name look-up to the last byte.
        keep: bytes of the answer's body to keep.
        connect_only: stop after the connection (and TLS) stands; nothing is asked.
    """

    method: Method
    url: str
    header_lines: tuple[bytes, ...]
    body: bytes | None
    timeout: float
    tls: Tls
    keep: int
    connect_only: bool = False

    @property
    def origin(self) -> str:
        """``scheme://host:port``: what errors may say of a URL, whose query or userinfo may be secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def header_lines(headers: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """Header lines as libcurl takes them, with the User-Agent and without headers nobody asked for.

    Raises:
        ValueError: a name or value that would break the message apart.
    """
    names = set()
    lines = []
    for name, value in headers:
        line = f"{name}: {value}" if value.strip() else f"{name};"
        if not _LINE.fullmatch(line):
            raise ValueError(f"header {name[:40]!r} cannot be sent: its name or value has forbidden characters")
        names.add(name.lower())
        lines.append(line.encode("latin-1"))
    lines += [line for name, line in _IMPLIED.items() if name not in names]
    if "user-agent" not in names:
        lines.append(_USER_AGENT_LINE)
    return tuple(lines)
