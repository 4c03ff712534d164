"""Records that know what they were read from: a signature is over that, whatever this release makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import orjson
from pydantic import PrivateAttr

from schemas.remediation.model import Record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Received(Record):
    """A record with a signature in it.

    Another release may have written it, with members more or less than this one knows. What it was read from is no part
    of what it says: two records that say the same are equal, and a copy with a change was read from nowhere.
    """

    _value: bytes | None = PrivateAttr(None)

    @classmethod
    def decode(cls, value: bytes | None) -> Self:
        """As ``Versioned.decode``."""
        return super().decode(value).read_from(value or b"")

    def read_from(self, value: bytes) -> Self:
        """This record, which was read from ``value``."""
        self._value = value
        return self

    @property
    def members(self) -> dict[str, Any]:
        """The JSON object that it was read from; of one that was made here, what ``encode`` writes. Without ``v``."""
        given = self.model_dump(mode="json") if self._value is None else orjson.loads(self._value)
        return {name: value for name, value in given.items() if name != "v"}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            copied._value = None  # noqa: SLF001 - one of its own
        return copied

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = Record.__hash__
