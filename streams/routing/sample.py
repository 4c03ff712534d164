"""A share of the events, the same ones each time they are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from streams.filters.condition import Finding, Needs

if TYPE_CHECKING:
    from streams.filters.view import View

_SPACE = 2**64


@dataclass(frozen=True, slots=True)
class Sample:
    """Holds for a share of all events, by a hash of source and id: a repetition and a replay choose the same ones."""

    share: float

    @property
    def needs(self) -> Needs:
        """Two attributes."""
        return Needs.ATTRIBUTES

    def holds(self, view: View) -> bool:
        """Whether the event is among them."""
        return _place(view) < self.share

    def finding(self, view: View) -> Finding:
        """The share, and where the event lies."""
        return Finding("sample", f"lies below {self.share:g}", f"{_place(view):.4f}, by the hash of source and id")


def _place(view: View) -> float:
    """Where an event lies between 0 and 1."""
    text = f"{view.attribute('source')} {view.attribute('id')}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) / _SPACE
