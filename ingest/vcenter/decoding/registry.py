"""What pyvmomi's type registry knows of the vSphere API: classes by wire name, properties, versions.

Only its tables are used. Its objects are slow to build, and one name it does not know costs it the whole page.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import VmomiSupport, vim, vmodl

if TYPE_CHECKING:
    from collections.abc import Iterator

ARRAY: Final = "ArrayOf"

_support: Final[Any] = VmomiSupport  # its annotations cover little of it
Event: Final[type] = vim.event.Event
MethodFault: Final[type] = vmodl.MethodFault
LocalizedMethodFault: Final[type] = vmodl.LocalizedMethodFault

# Go's DynamicData is empty, and pyvmomi's msg is the localizedMessage that travels beside the fault.
_NOT_ON_THE_WIRE: Final = frozenset({"dynamicType", "dynamicProperty"})
_OURS: Final = ("vim.", "vmodl.")  # other services derive from our classes too
_LOCALIZED: Final = frozenset({"fault", "localizedMessage"})


class Property(NamedTuple):
    """One declared property; ``type`` is the class of an element when there are ``many``.

    ``young`` ones came after the version asked for.
    """

    name: str
    type: type
    many: bool
    optional: bool
    young: bool


@lru_cache(maxsize=4096)
def find(name: str) -> type | None:
    """The class of a wire name such as ``VmEvent``, ``string`` or ``VirtualMachinePowerState``; None if unknown."""
    if name.startswith(ARRAY):
        return None
    try:
        found: type = _support.GuessWsdlType(name)
    except KeyError:
        return None
    return found


@lru_cache(maxsize=1024)
def find_item(name: str) -> type | None:
    """The class of the elements of ``ArrayOf<name>``; None if unknown."""
    if name.startswith(ARRAY):  # no such thing; pyvmomi would look for it recursively
        return None
    try:
        found: type = _support.GuessWsdlType(ARRAY + name).Item
    except (KeyError, AttributeError):  # a class of which pyvmomi has no array is an AttributeError
        return None
    return found


@lru_cache(maxsize=1024)
def is_managed(name: str) -> bool:
    """Whether ``name`` is a class of managed objects, so that a reference may point at one."""
    found = find(name)
    return found is not None and issubclass(found, _support.ManagedObject)


def is_data(cls: type) -> bool:
    """Whether elements of ``cls`` hold properties."""
    return issubclass(cls, _support.DataObject)


def is_reference(cls: type) -> bool:
    """Whether elements of ``cls`` are managed object references."""
    return issubclass(cls, _support.ManagedObject)


def is_fault(cls: type) -> bool:
    """Whether ``cls`` is a fault."""
    return issubclass(cls, MethodFault)


def enum_values(cls: type) -> frozenset[str] | None:
    """The values of an enumeration, None for any other class."""
    return frozenset(map(str, vars(cls)["values"])) if issubclass(cls, _support.Enum) else None


def wire_name(cls: type) -> str:
    """Name of ``cls`` in ``xsi:type``."""
    return str(_support.GetWsdlName(cls))


def properties(cls: type, newest: str) -> Iterator[Property]:
    """Properties of a data class in wire order, base class first.

    Young are those that came after version ``newest``. A class that is itself younger has what it was born with:
    there is no older form of it to be equal to.
    """
    pyvmomi: Any = cls
    if _is_younger(pyvmomi._version, newest):  # noqa: SLF001 - pyvmomi's way to ask
        newest = pyvmomi._version  # noqa: SLF001
    for info in pyvmomi._GetPropertyList():  # noqa: SLF001
        if info.name in _NOT_ON_THE_WIRE:
            continue
        if cls is LocalizedMethodFault and info.name not in _LOCALIZED:
            continue
        if info.name == "msg" and issubclass(cls, MethodFault):
            continue
        many = issubclass(info.type, _support.Array)
        item = info.type.Item if many else info.type
        optional = bool(info.flags & _support.F_OPTIONAL)
        yield Property(info.name, item, many, optional, _is_younger(info.version, newest))


def is_extended(cls: type, newest: str) -> bool:
    """Whether another class of version ``newest`` derives from ``cls``, so that its elements are polymorphic."""
    return cls.__name__ in _parents(newest)


@cache
def _parents(newest: str) -> frozenset[str]:
    # Definitions are (vmodl name, wire name, parent, version, properties); reading them loads no class.
    definitions = _support._dataDefMap.values()  # noqa: SLF001 - no public list has parents without loading all
    return frozenset(
        parent
        for name, _, parent, version, _ in definitions
        if name.startswith(_OURS) and not _is_younger(version, newest)
    )


def _is_younger(version: str, newest: str) -> bool:
    return version != newest and bool(_support.IsChildVersion(version, newest))
