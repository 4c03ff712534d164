"""How a vSphere object is spelt in JSON: two generations of govmomi, whose output readers depend on.

PASCAL is what every release of the VMware event router sends (govmomi 0.30, no JSON tags: every declared field is
always there). CAMEL is govmomi since 0.31 (lower camel names, absent optional fields left out).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Spelling = Literal["pascal", "camel"]

_POINTERS: Final = frozenset(
    {
        "groupId",
        "ipPoolId",
        "limit",
        "maxWaitSeconds",
        "overheadLimit",
        "ownerId",
        "reservation",
        "resourceReductionToToleratePercent",
        "unitNumber",
    }
)
_OPTIONAL: Final = {"CpuIncompatible1ECX.pclmulqdq": True, "CpuIncompatible1ECX.aes": True}


@dataclass(frozen=True, slots=True)
class Naming:
    """The rules in which the two spellings differ.

    Attributes:
        capitals: whether property names start with a capital letter.
        reference: names of the type and the value of a managed object reference.
        omits: whether an optional property that holds its zero value is left out.
        newest: version (pyvmomi's name) of the API the generation was made from; later properties are unknown to it.
        pointers: optional integers that Go holds by pointer, so that absent is null and not 0.
        optional: ``Class.property`` → whether it is optional, where govmomi knows better than pyvmomi.
        earlier: ``Class.property`` that govmomi has, although pyvmomi dates them after ``newest``.
    """

    capitals: bool
    reference: tuple[str, str]
    omits: bool
    newest: str
    pointers: frozenset[str]
    optional: Mapping[str, bool]
    earlier: frozenset[str]

    def key(self, name: str) -> str:
        """JSON name of the property ``name``."""
        return name[:1].upper() + name[1:] if self.capitals else name

    def array_key(self, item: str) -> str:
        """JSON name under which an array in an ``anyType`` holds its elements of type ``item``."""
        return item if self.capitals else "_value"


PASCAL: Final = Naming(
    capitals=True,
    reference=("Type", "Value"),
    omits=False,
    newest="vim.version.v8_0_0_1",
    pointers=_POINTERS,
    optional=MappingProxyType(_OPTIONAL),
    earlier=frozenset(),
)
CAMEL: Final = Naming(
    capitals=False,
    reference=("type", "value"),
    omits=True,
    newest="vim.version.v9_0_0_0",
    pointers=_POINTERS | {"coresPerNumaNode"},
    optional=MappingProxyType(
        {
            **_OPTIONAL,
            "EVCMode.track": True,
            "HostInternetScsiHbaParamValue.value": False,
            "NotEnoughResourcesToStartVmEvent.reason": True,
            "OptionValue.value": False,
            "RuleViolation.rule": True,
            "VirtualMachineAffinityInfo.affinitySet": False,
        }
    ),
    earlier=frozenset({"VirtualMachineConfigSpec.vmPlacementPolicies"}),
)
