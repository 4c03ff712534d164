"""Whether an entity is one of those that an operator means by names, folders, tags and vCenters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from streams.filters.glob import Glob
from streams.filters.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.config.remediation import ScopeConfig
    from schemas.remediation.entity import Entity

_STARS: Final = re.compile(r"\*+")


@dataclass(frozen=True, slots=True)
class Scope:
    """Entities that fit every key that is given, each by any of its patterns; case does not matter.

    Attributes:
        names: of the entity.
        folders: paths of folders that hold it, at any depth; ``/`` holds everything.
        tags: ``category/tag``.
        vcenters: where it is.
        words: what was written, as a reason quotes it.
    """

    names: Texts | None
    folders: Texts | None
    tags: Texts | None
    vcenters: Texts | None
    words: str

    @classmethod
    def of(cls, config: ScopeConfig) -> Scope:
        """What an operator has written."""
        given = ((name, getattr(config, name)) for name in ("names", "folders", "tags", "vcenters"))
        return cls(
            names=_texts(config.names),
            folders=_texts(None if config.folders is None else [each.rstrip("/") for each in config.folders]),
            tags=_texts(config.tags),
            vcenters=_texts(config.vcenters),
            words="; ".join(f"{name}: {', '.join(patterns)}" for name, patterns in given if patterns is not None),
        )

    def fits(self, entity: Entity) -> bool | None:
        """Whether the entity is one of them; None when that hangs on what is not known of it."""
        answers = (
            _any(self.vcenters, (entity.vcenter,)),
            _any(self.names, (entity.name,)),
            _any(self.folders, None if entity.folder is None else _ways(entity.folder)),
            _any(self.tags, entity.tags),
        )
        if False in answers:
            return False
        return None if None in answers else True


def unknown(entity: Entity) -> str:
    """What a scope may ask for and is not known of the entity, with the cure."""
    missing = [name for name, value in (("folder", entity.folder), ("tags", entity.tags)) if value is None]
    return (
        f"its {' and its '.join(missing)} {'is' if missing == ['folder'] else 'are'} not known; have "
        "`reflexarc ingest inventory` run with an account that may read them"
    )


def texts(patterns: Iterable[str], *, exact_case: bool = False) -> Texts:
    """Patterns in which ``*`` stands for any text and nothing else has a meaning."""
    exact: set[str] = set()
    globs: set[Glob] = set()
    for pattern in patterns:
        parts = tuple(_STARS.split(pattern if exact_case else folded(pattern)))
        if len(parts) == 1:
            exact.add(parts[0])
        else:
            globs.add(Glob(parts))
    return Texts(frozenset(exact), frozenset(globs))


def folded(text: str) -> str:
    """The text without what does not matter: case, and how accents are put together."""
    return normalize("NFC", text.casefold())


def _texts(patterns: Iterable[str] | None) -> Texts | None:
    return None if patterns is None else texts(patterns)


def _any(wanted: Texts | None, values: Iterable[str] | None) -> bool | None:
    if wanted is None:
        return True
    return None if values is None else any(wanted.allow(folded(value)) for value in values)


@lru_cache(maxsize=4096)
def _ways(path: str) -> tuple[str, ...]:
    """The root and every folder on the way: ``""``, ``/DC0``, ``/DC0/vm``."""
    levels = path.rstrip("/").split("/")
    return tuple("/".join(levels[:end]) for end in range(1, len(levels) + 1))
