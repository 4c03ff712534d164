"""One text against several allowed ones: exact texts by hash, globs one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.filters.glob import Glob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.filters.compilation import At, Compilation

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Texts:
    """What a text may be.

    Attributes:
        exact: allowed as they are.
        globs: allowed patterns.
    """

    exact: frozenset[str]
    globs: frozenset[Glob] = frozenset()

    @classmethod
    def compile(cls, given: Iterable[str], at: At, compilation: Compilation) -> Texts:
        """The values and globs that an operator wrote."""
        exact: set[str] = set()
        globs: set[Glob] = set()
        for text in given:
            try:
                compiled = Glob.of(text)
            except ValueError as error:
                compilation.fault(at, str(error), r"escape it: \* for a star, \\ for a backslash")
                continue
            if isinstance(compiled, str):
                exact.add(compiled)
            else:
                globs.add(compiled)
        return cls(frozenset(exact), frozenset(globs))

    def allow(self, text: str) -> bool:
        """Whether ``text`` is one of them."""
        return text in self.exact or any(glob.matches(text) for glob in self.globs)

    def __str__(self) -> str:
        texts = sorted(self.exact | {str(glob) for glob in self.globs})
        if len(texts) == 1:
            return texts[0]
        rest = f" or {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
        return f"one of {', '.join(texts[:_SHOWN])}{rest}"
