"""Which group of a throttle an event belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.filters.view import MISSING

if TYPE_CHECKING:
    from streams.filters.view import View

LONGEST: Final = 256
"""Bytes of a key; a longer one is replaced by its hash."""

NOBODY: Final = b"-"
"""The group of records that have no key."""

_DATA: Final = "data."


@dataclass(frozen=True, slots=True)
class Grouping:
    """What events of one group have in common.

    Attributes:
        by: attributes, and paths into the data such as ``data.Vm.Name``; empty: the key of the record.
    """

    by: tuple[str, ...] = ()

    def key(self, view: View, record_key: bytes | None) -> bytes:
        """The group, at most 256 bytes; events of one group have the same, others another. Never raises.

        A value that an event does not have is one like any other.
        """
        if not self.by:
            return _short(record_key or NOBODY)
        # A list in JSON, so that no two lists of values look alike; an absent value is no text, and no null.
        found = [_value(name, view) for name in self.by]
        return _short(orjson.dumps([[] if value is MISSING else [value] for value in found], option=_SORTED))


_SORTED: Final = orjson.OPT_SORT_KEYS


def _value(name: str, view: View) -> Any:
    if not name.startswith(_DATA):
        value = view.attribute(name)
        return MISSING if value is None else value
    found: Any = view.data
    for step in name.removeprefix(_DATA).split("."):
        if not isinstance(found, dict) or step not in found:
            return MISSING
        found = found[step]
    return found


def _short(key: bytes) -> bytes:
    return key if len(key) <= LONGEST else b"#" + blake2b(key, digest_size=32).hexdigest().encode()
