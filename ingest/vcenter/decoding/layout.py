"""Class of pyvmomi's registry → layout of its JSON object in one naming.

Order, names and absent values are those of the Go structures that the VMware event router marshals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vcenter.decoding import registry
from ingest.vcenter.decoding.plan import Field, Layout
from ingest.vcenter.decoding.scalars import FORMS, INTEGER
from ingest.vcenter.decoding.soap import VIM

if TYPE_CHECKING:
    from ingest.vcenter.decoding.naming import Naming
    from ingest.vcenter.decoding.plan import Json, Read
    from ingest.vcenter.decoding.reader import Reader


def compile_layout(cls: type, reader: Reader) -> Layout:
    """The layout of a data class."""
    naming = reader.naming
    blank: dict[str, Json] = {}
    fields: dict[str, Field] = {}
    omitted: set[str] = set()
    ignored: set[str] = set()
    for declared in (_amended(cls, found, naming) for found in registry.properties(cls, naming.newest)):
        if declared.young:
            ignored.add(declared.name)
            continue
        name = naming.key(declared.name)
        blank[name] = _absent(cls, declared, reader)
        fields[VIM + declared.name] = Field(name, _read(cls, declared, reader), declared.many)
        if naming.omits and declared.optional:
            omitted.add(name)
    return Layout(blank, fields, frozenset(omitted), frozenset(ignored))


def _amended(owner: type, declared: registry.Property, naming: Naming) -> registry.Property:
    label = f"{registry.wire_name(owner)}.{declared.name}"
    return declared._replace(
        optional=naming.optional.get(label, declared.optional),
        young=declared.young and label not in naming.earlier,
    )


def _read(owner: type, declared: registry.Property, reader: Reader) -> Read:
    if _is_bare_fault(owner, declared):
        return reader.plan(registry.MethodFault).read
    return reader.declared(declared.type, f"{registry.wire_name(owner)}.{declared.name}")


def _absent(owner: type, declared: registry.Property, reader: Reader) -> Json:
    naming, cls = reader.naming, declared.type
    if declared.many:
        return None
    form = FORMS.get(cls)
    if form is not None:
        pointer = form.pointer or (form is INTEGER and declared.name in naming.pointers)
        return None if pointer and declared.optional else form.zero
    if registry.enum_values(cls) is not None:
        return ""
    if declared.optional or not (registry.is_data(cls) or registry.is_reference(cls)):
        return None
    if registry.is_reference(cls):
        return dict.fromkeys(naming.reference, "")
    if registry.is_fault(cls) and not _is_bare_fault(owner, declared):
        cls = registry.LocalizedMethodFault
    # Go holds a structure by value, and what others derive from by an interface, which is null.
    return None if registry.is_extended(cls, naming.newest) else reader.plan(cls).absent()


def _is_bare_fault(owner: type, declared: registry.Property) -> bool:
    """Whether this is the fault inside a LocalizedMethodFault; every other fault travels in one."""
    return owner is registry.LocalizedMethodFault and registry.is_fault(declared.type)
