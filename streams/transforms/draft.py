"""New data in the making: what is written to is copied first, once, so that the event's own data stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.templates.unfit import Unfit, kind
from streams.filters.view import MISSING

if TYPE_CHECKING:
    from streams.transforms.keypath import KeyPath


class Draft:
    """Data that can be changed.

    Cost: an object is copied at the first change to it, so all changes together cost no more than one copy of the
    data, however many they are.

    Attributes:
        data: as far as it is made; it shares with the event what was not changed.
    """

    __slots__ = ("_ours", "data")

    def __init__(self, data: Any) -> None:
        self.data = data
        self._ours: dict[int, dict[str, Any]] = {}  # keeps them alive, too: an id is not given to another

    def put(self, place: KeyPath, value: Any) -> None:
        """Write a value; objects on the way are made where nothing or null is.

        Raises:
            Unfit: something else than an object is on the way.
        """
        self.data = inner = self._own(self.data, "the data")
        *way, last = place.keys
        for at, key in enumerate(way, 1):
            inner[key] = self._own(inner.get(key), ".".join(place.keys[:at]))
            inner = inner[key]
        inner[last] = value

    def remove(self, place: KeyPath) -> None:
        """Remove what is there, if anything is."""
        if place.get(self.data) is MISSING:
            return
        self.data = inner = self._own(self.data, "")
        *way, last = place.keys
        for key in way:
            inner[key] = inner = self._own(inner[key], "")
        del inner[last]

    def _own(self, value: dict[str, Any] | None, name: str) -> dict[str, Any]:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise Unfit(f"{name} is {kind(value)}, so no key can be written below it")
        if id(value) in self._ours:
            return value
        copy = dict(value)
        self._ours[id(copy)] = copy
        return copy
