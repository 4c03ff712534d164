"""Names of ours for things that others name by other rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.config.names import LONGEST

if TYPE_CHECKING:
    from collections.abc import Container

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_NOT_HOST_LIKE = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_VARIABLE = re.compile(r"[^A-Z0-9]+")


def plain(text: str, otherwise: str, taken: Container[str] = ()) -> str:
    """A name of a route or sink that is near to ``text`` and not taken."""
    name = _NOT_PLAIN.sub("-", text.lower()).strip("-")[:LONGEST].strip("-") or otherwise
    return name if name not in taken else _numbered(name, taken)


def host_like(text: str, otherwise: str) -> str:
    """A name of a vCenter that is near to ``text``."""
    return _NOT_HOST_LIKE.sub("-", text).strip("._-")[:LONGEST].strip("._-") or otherwise


def variable(text: str, what: str) -> str:
    """``${NAME}`` of an environment variable for a secret: ``${VC1_PASSWORD}``."""
    name = _NOT_VARIABLE.sub("_", text.upper()).strip("_")
    return f"${{{'_' if name[:1].isdigit() else ''}{name}_{what}}}"


def _numbered(name: str, taken: Container[str]) -> str:
    number = 2
    while (numbered := f"{name[: LONGEST - 6].strip('-')}-{number}") in taken:
        number += 1
    return numbered
