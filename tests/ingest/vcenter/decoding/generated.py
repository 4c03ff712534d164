"""Events of every class with chance values, as XML: what a vCenter might send, by pyvmomi's registry."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from pyVmomi import VmomiSupport

from ingest.vcenter.decoding import registry

if TYPE_CHECKING:
    from random import Random

    from ingest.vcenter.decoding.registry import Property

_TEXTS = (
    *("", "a", "é😀", "<&> \"' \\", " a b ", "0", "true", "line\nline\ttab", "[ds] vm/vm.vmx", "x" * 300),
    "\u2028]]>",
)
_TIMES = (
    *("2026-11-20T09:37:25.137999Z", "2026-01-31T00:00:00Z", "2024-02-29T23:59:59.100+02:00"),
    "2026-05-01T01:02:03.5-11:30",
)
_DOUBLES = ("0", "1.5", "-2", "0.1", "1e21", "123456789.125", "1e-7")
_PRIMITIVES = ("string", "int", "long", "short", "byte", "boolean", "double", "float", "dateTime")
_DEPTH = 4
_INTEGERS = {"byte": 7, "short": 15, "int": 31, "long": 63}


class Generator:
    """Makes XML from chance; ``share`` of the optional properties are there."""

    def __init__(self, chance: Random, newest: str, *, share: float = 0.3) -> None:
        self._chance = chance
        self._newest = newest
        self._share = share

    def event(self, cls: type) -> str:
        """One event of a class, as an element of an answer."""
        return f'<returnval xsi:type="{registry.wire_name(cls)}">{self._content(cls, 0)}</returnval>'

    def _content(self, cls: type, depth: int) -> str:
        return "".join(self._property(declared, depth) for declared in registry.properties(cls, self._newest))

    def _property(self, declared: Property, depth: int) -> str:
        if declared.young or (declared.optional and (depth >= _DEPTH or self._chance.random() > self._share)):
            return ""
        count = self._chance.choice((1, 1, 2, 3)) if declared.many else 1
        return "".join(self._element(declared.name, declared.type, depth) for _ in range(count))

    def _element(self, name: str, cls: type, depth: int) -> str:
        kind = registry.wire_name(cls)
        if registry.is_reference(cls):
            return f'<{name} type="{kind}">{kind.lower()}-{self._chance.randrange(10**4)}</{name}>'
        if registry.is_fault(cls):
            inner = self._typed("fault", cls, depth)
            return f"<{name}>{inner}<localizedMessage>{self._text()}</localizedMessage></{name}>"
        if registry.is_data(cls):
            return self._typed(name, cls, depth)
        if kind == "anyType":
            return self._any(name, depth)
        return f"<{name}>{self._scalar(cls, kind)}</{name}>"

    def _typed(self, name: str, cls: type, depth: int) -> str:
        chosen = self._chance.choice(_descendants(cls, self._newest)) if depth < _DEPTH else cls
        kind = registry.wire_name(chosen)
        return f'<{name} xsi:type="{kind}">{self._content(chosen, depth + 1)}</{name}>'

    def _any(self, name: str, depth: int) -> str:
        chance = self._chance.random()
        if chance < 0.1:
            return f'<{name} type="HostSystem" xsi:type="ManagedObjectReference">host-1</{name}>'
        if chance < 0.3:
            items = "".join(f"<string>{self._text()}</string>" for _ in range(self._chance.randrange(1, 4)))
            return f'<{name} xsi:type="ArrayOfString">{items}</{name}>'
        if chance < 0.4:
            found = registry.find("VmEventArgument")
            assert found is not None
            return f'<{name} xsi:type="VmEventArgument">{self._content(found, depth + 1)}</{name}>'
        kind = self._chance.choice(_PRIMITIVES)
        cls = registry.find(kind)
        assert cls is not None
        return f"<{name} xsi:type={quoteattr('xsd:' + kind)}>{self._scalar(cls, kind)}</{name}>"

    def _scalar(self, cls: type, kind: str) -> str:
        values = registry.enum_values(cls)
        if values is not None:
            return self._chance.choice(sorted(values))
        if kind in _INTEGERS:
            bits = self._chance.choice((1, 4, _INTEGERS[kind]))
            return str(self._chance.randrange(-(2**bits) * (kind != "byte"), 2**bits))
        if kind == "boolean":
            return self._chance.choice(("true", "false"))
        if kind in ("double", "float"):
            return self._chance.choice(_DOUBLES)
        if kind == "dateTime":
            return self._chance.choice(_TIMES)
        return "aGVsbG8=" if kind == "base64Binary" else self._text()

    def _text(self) -> str:
        return escape(self._chance.choice(_TEXTS))


@cache
def event_classes(newest: str) -> tuple[type, ...]:
    """Every class of events that is no younger than a version."""
    return tuple(sorted(_descendants(registry.Event, newest), key=registry.wire_name))


# Of other services, or too young for both: govmomi's vim25 does not know them, and drops what they hold.
_UNKNOWN_TO_GOVMOMI = (
    *("AuthenticationRequired", "AuthenticationRequiredChallenge", "InvalidToken", "SessionNotFound"),
    *("VsanNodeNotMaster", "VsanSslVerifyCertFault"),
)


@cache
def _descendants(cls: type, newest: str) -> list[type]:
    definitions: Any = VmomiSupport._dataDefMap.values()
    found = [
        known
        for vmodl_name, name, _, version, _ in definitions
        if vmodl_name.startswith(("vim.", "vmodl.")) and not registry._is_younger(version, newest)
        if not name.startswith("Cns") and name not in _UNKNOWN_TO_GOVMOMI
        if (known := registry.find(name)) is not None and issubclass(known, cls)
    ]
    return found or [cls]
