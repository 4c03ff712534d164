"""A value in a payload, together with the path that leads to it: what an error begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ingest.webhook.payload import document
from ingest.webhook.payload.document import Number
from schemas.cloudevents.attributes import cleaned, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 10_000
"""Alerts or messages of one payload."""


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a payload.

    Attributes:
        path: names joined by dots, positions in brackets: ``alerts[3].labels``; empty for the payload itself.
        value: as :func:`ingest.webhook.payload.document.read` gives it.
    """

    path: str
    value: Any

    @classmethod
    def of(cls, body: bytes) -> Place:
        """Return the JSON object that ``body`` is.

        Raises:
            InvalidEvent: it is none.
        """
        place = cls("", document.read(body))
        place.members()
        return place

    def members(self) -> dict[str, Any]:
        """Return the members of this object.

        Raises:
            InvalidEvent: it is none.
        """
        if not isinstance(self.value, dict):
            raise invalid(self.path or "body", "must be a JSON object")
        return self.value

    def required(self, name: str) -> Place:
        """Return the member ``name``.

        Raises:
            InvalidEvent: this is no object, or it has no such member.
        """
        path = f"{self.path}.{name}" if self.path else name
        members = self.members()
        if members.get(name) is None:
            raise invalid(path, "required, but missing")
        return Place(path, members[name])

    def objects(self) -> Iterator[Place]:
        """Yield the elements of this array, each of them an object.

        Raises:
            InvalidEvent: it is no array, or has more than :data:`MOST` elements; or the next element is no object.
        """
        if not isinstance(self.value, list):
            raise invalid(self.path, "must be an array")
        if len(self.value) > MOST:
            raise invalid(self.path, f"has {len(self.value)} elements; at most {MOST} are taken")
        for index, value in enumerate(self.value):
            element = Place(f"{self.path}[{index}]", value)
            element.members()
            yield element

    def word(self) -> str:
        """Return this text, or this number as it is spelled.

        Raises:
            InvalidEvent: it is neither, or holds nothing but blanks and control characters.
        """
        found = self.hint()
        if found is None:
            raise invalid(self.path, "must be a text or number, and not empty")
        return found

    def find(self, *names: str) -> Any:
        """Return the value that these members, one inside the other, lead to; None when there is none."""
        value = self.value
        for name in names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    def hint(self, *names: str) -> str | None:
        """Return what :meth:`find` finds as :meth:`word` would, and None instead of an error."""
        value = self.find(*names)
        text = value.text if isinstance(value, Number) else value
        return text if isinstance(text, str) and cleaned(text) else None
