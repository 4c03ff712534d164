"""Header lines, checked before libcurl sees them."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

USER_AGENT = f"reflexarc/{version('reflexarc')}"

# RFC 9110 §5: a token, then a value without CR, LF and NUL. libcurl reads "name:" as "without this header"; its
# spelling of an empty value is "name;".
_LINE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:;|: [\t\x20-\x7e\x80-\xff]+)")
# Headers that libcurl adds by itself. Expect would cost a round trip.
_IMPLIED = {"accept": b"Accept:", "content-type": b"Content-Type:", "expect": b"Expect:"}
_USER_AGENT_LINE = f"User-Agent: {USER_AGENT}".encode()


def header_lines(headers: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """Header lines as libcurl takes them, with the User-Agent and without headers nobody asked for.

    Raises:
        ValueError: a name or value that would break the message apart.
    """
    given = tuple(headers)
    return (*plain_lines(given), *implied_lines(name for name, _ in given))


def plain_lines(headers: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """The lines of these headers alone; a request is whole with the :func:`implied_lines` beside them.

    Raises:
        ValueError: a name or value that would break the message apart.
    """
    lines = []
    for name, value in headers:
        line = f"{name}: {value}" if value.strip() else f"{name};"
        if not _LINE.fullmatch(line):
            raise ValueError(f"header {name[:40]!r} cannot be sent: its name or value has forbidden characters")
        lines.append(line.encode("latin-1"))
    return tuple(lines)


def implied_lines(names: Iterable[str]) -> tuple[bytes, ...]:
    """The User-Agent, and what keeps libcurl from headers of its own, unless one of ``names`` sets them."""
    given = {name.lower() for name in names}
    lines = [line for name, line in _IMPLIED.items() if name not in given]
    if "user-agent" not in given:
        lines.append(_USER_AGENT_LINE)
    return tuple(lines)
