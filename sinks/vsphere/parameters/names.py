"""Names of objects in parameters, with ``*`` and ``?``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PATTERNS: Final = 100

Pattern = Annotated[str, Field(min_length=1, max_length=240)]
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=MOST_PATTERNS)]


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name fits one of the patterns; case does not matter."""
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
