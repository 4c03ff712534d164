"""Which group of a throttle an event belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.filters.effort import Effort, Exhausted
from streams.filters.path import Path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.filters.view import View

LONGEST: Final = 256
"""Bytes of a key; a longer one is replaced by its hash."""

NOBODY: Final = b"-"
"""The group of records that have no key."""

DATA: Final = "data."
"""Before a path into the data."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What events of one group have in common.

    Attributes:
        by: names of attributes, and paths into the data; empty: the key of the record.
    """

    by: tuple[str | Path, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> Grouping:
        """What ``vcenter`` and ``data.Vm.Name`` spell.

        Raises:
            ValueError: a path is none; the message names it.
        """
        return cls(tuple(_path(name) if name.startswith(DATA) else name for name in names))

    def key(self, view: View, record_key: bytes | None) -> bytes:
        """The group, at most 256 bytes; events of one group have the same, others another. Never raises.

        A path stands for the values that it leads to, none of them being like any other. An event in which there is
        more to look at than ``Effort`` allows is grouped by the key of its record.
        """
        if not self.by:
            return _short(record_key or NOBODY)
        effort = Effort()
        try:
            # Lists in JSON, so that no two lists of values look alike; an absent value is no text, and no null.
            return _short(orjson.dumps([_values(each, view, effort) for each in self.by], option=orjson.OPT_SORT_KEYS))
        except Exhausted:
            return _short(record_key or NOBODY)


def _path(name: str) -> Path:
    try:
        return Path.of(name.removeprefix(DATA))
    except ValueError as error:
        raise ValueError(f"{name[:64]} {error}") from None


def _values(by: str | Path, view: View, effort: Effort) -> list[Any]:
    if isinstance(by, Path):
        return by.reach(view.data, effort)
    value = view.attribute(by)
    return [] if value is None else [value]


def _short(key: bytes) -> bytes:
    return key if len(key) <= LONGEST else b"#" + blake2b(key, digest_size=32).hexdigest().encode()
