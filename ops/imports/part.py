"""One part of what comes out: a vCenter, the webhook, a route or a sink, with what could not be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.config.document import dotted

if TYPE_CHECKING:
    from schemas.config.document import Document, Path


class Point(NamedTuple):
    """Something that the original says and our configuration does not, or not so.

    Attributes:
        where: dotted path in the original.
        line: its line there, when it is known.
        what: what is different now, and what to do about it.
    """

    where: str
    line: int | None
    what: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.where, f"line {self.line}" if self.line else "")))
        return f"{place}: {self.what}" if place else self.what


@dataclass(slots=True)
class Part:
    """Keys and values of one part.

    Attributes:
        settings: as they stand in the file.
        off: settings that stand there switched off, as comments.
        points: what could not be translated; each is a comment and is counted.
        remarks: what is good to know; each is a comment.
        active: a part that is not is written as a comment from end to end.
    """

    settings: dict[str, Any]
    off: dict[str, Any] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    active: bool = True

    def lost(self, document: Document, at: Path, what: str) -> None:
        """Note what could not be translated."""
        self.points.append(Point(dotted(at), document.line(at), what))

    def remark(self, what: str) -> None:
        """Note what is good to know, once."""
        if what not in self.remarks:
            self.remarks.append(what)
