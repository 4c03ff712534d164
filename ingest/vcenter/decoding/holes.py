"""A reader that leaves a hole where a text would go, to learn where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ingest.vcenter.decoding.casts import enum_cast, form_cast
from ingest.vcenter.decoding.reader import Reader
from ingest.vcenter.decoding.unknowns import Unknowns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from ingest.vcenter.decoding.casts import Cast
    from ingest.vcenter.decoding.naming import Naming
    from ingest.vcenter.decoding.plan import Json, Read
    from ingest.vcenter.decoding.scalars import Form
    from ingest.vcenter.decoding.unknowns import Kind


class Unlearnable(Exception):  # noqa: N818 - reads as what happened
    """Something of an event is not known, or not where it belongs: such events are walked, each of them."""


class Hole(str):
    """The place of a text. A string, since it stands for one that is not empty; equal to itself only."""

    __slots__ = ("cast", "number")
    number: int
    """Of the text in the event."""

    cast: Cast | None
    """How its value is made, None for a string."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class Holes(Reader):
    """Reads elements like a reader, but none of the texts; raises Unlearnable for whatever a reader would count."""

    def __init__(self, naming: Naming) -> None:
        super().__init__(naming, _Nothing())
        self._numbers: dict[_Element, int] = {}
        self._made: list[Hole] = []

    def of(self, leaves: Sequence[_Element]) -> list[Hole]:
        """Begin with another event, whose texts are in ``leaves``; its holes will be in the list returned."""
        self._numbers = {leaf: number for number, leaf in enumerate(leaves)}
        self._made = []
        return self._made

    def generic(self, element: _Element) -> NoReturn:
        """Nothing is known of an element: not even which texts are values."""
        raise Unlearnable(element.tag)

    def reference(self, element: _Element) -> Json:
        """A managed object reference with a hole for its value."""
        read = super().reference(element)
        if element.text:
            read[self.naming.reference[1]] = self._hole(element, None)
        return read

    def _text(self, label: str) -> Read:
        return self._holed(super()._text(label), None)

    def _scalar(self, form: Form, label: str) -> Read:
        return self._holed(super()._scalar(form, label), form_cast(form, zero_is_absent=self.naming.omits))

    def _enumeration(self, values: frozenset[str], label: str) -> Read:
        return self._holed(super()._enumeration(values, label), enum_cast(values))

    def _holed(self, read: Read, cast: Cast | None) -> Read:
        return lambda element: self._hole(element, cast) if element.text else read(element)

    def _hole(self, element: _Element, cast: Cast | None) -> Hole:
        number = self._numbers.get(element)
        if number is None:  # a text beside elements
            raise Unlearnable
        hole = Hole("\0")
        hole.number, hole.cast = number, cast
        self._made.append(hole)
        return hole


class _Nothing(Unknowns):
    def count(self, kind: Kind, name: str) -> NoReturn:
        raise Unlearnable(kind, name)
