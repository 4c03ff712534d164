"""Reads elements in one naming: declared types by plan, dynamic ones by ``xsi:type``, unknown ones by their shape."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ingest.vcenter.decoding import registry
from ingest.vcenter.decoding.layout import compile_layout
from ingest.vcenter.decoding.plan import Plan, gather, local_name
from ingest.vcenter.decoding.scalars import FORMS, TEXT, Unparsed
from ingest.vcenter.decoding.soap import XSI_TYPE

if TYPE_CHECKING:
    from lxml.etree import _Element

    from ingest.vcenter.decoding.naming import Naming
    from ingest.vcenter.decoding.plan import Json, Read
    from ingest.vcenter.decoding.scalars import Form
    from ingest.vcenter.decoding.unknowns import Unknowns

_REFERENCE = "ManagedObjectReference"


class Reader:
    """Element → JSON value. Never raises for what an element says; what it does not know, it counts.

    Plans are made when a class is first met and kept; threads may share a reader.
    """

    def __init__(self, naming: Naming, unknowns: Unknowns) -> None:
        self.naming = naming
        self.unknowns = unknowns
        self._plans: dict[type, Plan] = {}
        self._dynamic: dict[str, Read] = {}

    def plan(self, cls: type) -> Plan:
        """The plan of a data class."""
        plan = self._plans.get(cls)
        if plan is None:
            made = Plan(cls, partial(compile_layout, cls, self), self)
            plan = self._plans.setdefault(cls, made)
        return plan

    def declared(self, cls: type, label: str) -> Read:
        """The reader of elements whose declared type is ``cls``; ``label`` names them in the count of unknowns."""
        form = FORMS.get(cls)
        if form is not None:
            return self._text(label) if form is TEXT else self._scalar(form, label)
        if registry.is_reference(cls):
            return self.reference
        if registry.is_data(cls):
            # A fault travels inside a LocalizedMethodFault; pyvmomi's registry leaves that out.
            return self.plan(registry.LocalizedMethodFault if registry.is_fault(cls) else cls).read
        values = registry.enum_values(cls)
        return self.any if values is None else self._enumeration(values, registry.wire_name(cls))

    def typed(self, element: _Element, name: str, declared: Plan | None = None) -> Json:
        """An element that says by ``xsi:type`` what it is; if that is unknown, as its ``declared`` class."""
        local = name.rpartition(":")[2]
        read = self._dynamic.get(local) or self._resolve(local)
        if read is not None:
            return read(element)
        is_fault = declared is not None and registry.is_fault(declared.cls)
        self.unknowns.count("fault" if is_fault else "type", local)
        if local.startswith(registry.ARRAY):
            return self._array(local.removeprefix(registry.ARRAY), self.any, element)
        return declared.walk(element) if declared else self.generic(element)

    def any(self, element: _Element) -> Json:
        """An element of type ``anyType``, or of no known type."""
        name = element.get(XSI_TYPE)
        if name:
            return self.typed(element, name)
        return self.generic(element) if len(element) or element.text else None

    def generic(self, element: _Element) -> Json:
        """An element of which nothing is known: an object of its children, a reference, or a text."""
        if not len(element):
            return self.reference(element) if "type" in element.attrib else element.text or ""
        body: dict[str, Json] = {}
        for child in element:
            gather(body, self.naming.key(local_name(child)), self.any(child))
        return body

    def reference(self, element: _Element) -> Json:
        """A managed object reference."""
        kind, value = element.get("type", ""), element.text
        if value is None and len(element):
            return self._misfit(element, _REFERENCE)
        if not registry.is_managed(kind):
            self.unknowns.count("moref", kind)
        kind_key, value_key = self.naming.reference
        return {kind_key: kind, value_key: value or ""}

    def _resolve(self, local: str) -> Read | None:
        read = self._known(local)
        if read is not None:
            self._dynamic[local] = read
        return read

    def _known(self, local: str) -> Read | None:
        if local == _REFERENCE:
            return self.reference
        if local.startswith(registry.ARRAY):
            item = local.removeprefix(registry.ARRAY)
            cls = registry.find_item(item)
            read = self.reference if item == _REFERENCE else cls and self.declared(cls, local)
            return read and partial(self._array, item, read)
        cls = registry.find(local)
        if cls is None:
            return None
        if registry.is_data(cls):
            return self.plan(cls).walk
        known = self.declared(cls, local)
        return self.generic if known == self.any else known  # any would ask for xsi:type again

    def _array(self, item: str, read: Read, element: _Element) -> Json:
        return {self.naming.array_key(item): [read(child) for child in element] or None}

    def _text(self, label: str) -> Read:
        def read(element: _Element) -> Json:
            text = element.text
            if text is None:
                return self._misfit(element, label) if len(element) else ""
            return text

        return read

    def _scalar(self, form: Form, label: str) -> Read:
        parse, zero, _ = form
        unknowns = self.unknowns

        def read(element: _Element) -> Json:
            text = element.text
            if text is None:
                return self._misfit(element, label) if len(element) else zero
            try:
                return parse(text)
            except ValueError:
                unknowns.count("value", label)
                return Unparsed(text)

        return read

    def _enumeration(self, values: frozenset[str], label: str) -> Read:
        read_text = self._text(label)

        def read(element: _Element) -> Json:
            value = read_text(element)
            # An element with children is no text: it was counted where it was read.
            if isinstance(value, str) and value and value not in values:
                self.unknowns.count("enum", f"{label}={value}")
            return value

        return read

    def _misfit(self, element: _Element, label: str) -> Json:
        self.unknowns.count("value", label)
        return self.generic(element)
