"""The plan of one class: what its JSON object looks like, and how each of its elements is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.vcenter.decoding import registry
from ingest.vcenter.decoding.scalars import Unparsed
from ingest.vcenter.decoding.soap import VIM, XSI_TYPE

if TYPE_CHECKING:
    from lxml.etree import _Element

    from ingest.vcenter.decoding.reader import Reader

Json = Any
Read = Callable[["_Element"], Json]


class Field(NamedTuple):
    """Where the elements of one property go."""

    name: str
    """JSON name."""

    read: Read
    """One element → its JSON value."""

    many: bool
    """Whether the property is an array, one element an item."""


class Layout(NamedTuple):
    """The shape of a class in one naming."""

    blank: dict[str, Json]
    """JSON name → value while the property is absent, in the order of the object."""

    fields: dict[str, Field]
    """Qualified element name → field."""

    omitted: frozenset[str]
    """JSON names left out of the object while they hold their absent value."""

    ignored: frozenset[str]
    """Wire names of properties that are known, and too young for this naming."""


class Plan:
    """Reads the elements of one class in one naming; its layout is compiled when the class is first met."""

    __slots__ = ("_compile", "_layout", "_reader", "cls", "name")

    def __init__(self, cls: type, compile_layout: Callable[[], Layout], reader: Reader) -> None:
        self.cls = cls
        self.name = registry.wire_name(cls)
        self._compile = compile_layout
        self._layout: Layout | None = None
        self._reader = reader

    @property
    def layout(self) -> Layout:
        """The shape; threads that meet a class at the same time compile the same one."""
        if self._layout is None:
            self._layout = self._compile()
        return self._layout

    def read(self, element: _Element) -> Json:
        """The JSON value of an element declared as this class; its ``xsi:type`` may name another one."""
        # Most elements have no attribute, and asking for all is cheaper than asking for one by its qualified name.
        if element.values():
            dynamic = element.get(XSI_TYPE)
            if dynamic and dynamic != self.name:
                return self._reader.typed(element, dynamic, self)
        return self.walk(element)

    def walk(self, element: _Element) -> Json:
        """The JSON object of an element of exactly this class; its text, if that is all it has."""
        layout = self._layout or self.layout
        body = layout.blank.copy()
        fields = layout.fields
        # A slice is faster than iteration; lxml's stubs do not know it.
        children: list[_Element] = element[:]  # type: ignore[index, assignment]
        if not children and element.text:
            self._reader.unknowns.count("value", self.name)
            return Unparsed(element.text)
        for child in children:
            field = fields.get(child.tag)
            if field is None:
                self._read_other(layout, body, child)
                continue
            name, read, many = field
            if many:
                _append(body, name, read(child))
            else:
                body[name] = read(child)
        return _without_absent(layout, body) if layout.omitted else body

    def absent(self) -> dict[str, Json]:
        """The JSON object of a required element of this class that is not there."""
        layout = self.layout
        return _without_absent(layout, layout.blank)

    def _read_other(self, layout: Layout, body: dict[str, Json], child: _Element) -> None:
        local = local_name(child)
        if local in layout.ignored:
            return
        field = layout.fields.get(VIM + local)
        if field is not None:  # a class of another service, in that service's namespace
            value = field.read(child)
            if field.many:
                _append(body, field.name, value)
            else:
                body[field.name] = value
            return
        self._reader.unknowns.count("property", f"{self.name}.{local}")
        name = self._reader.naming.key(local)
        if name not in layout.blank:  # else it differs from a declared one in a capital only
            gather(body, name, self._reader.any(child))


def local_name(element: _Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _append(body: dict[str, Json], name: str, value: Json) -> None:
    if body[name] is None:
        body[name] = [value]
    else:
        body[name].append(value)


def gather(body: dict[str, Json], name: str, value: Json) -> None:
    """Put an undeclared value into an object; one that comes again makes an array, since nothing else is known."""
    if name not in body:
        body[name] = value
    elif isinstance(body[name], list):
        body[name].append(value)
    else:
        body[name] = [body[name], value]


def _without_absent(layout: Layout, body: dict[str, Json]) -> dict[str, Json]:
    blank, omitted = layout.blank, layout.omitted
    return {name: value for name, value in body.items() if name not in omitted or value != blank[name]}
