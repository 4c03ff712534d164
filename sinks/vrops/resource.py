"""A host as Aria Operations describes it, and the one among several that is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Reject
from sinks.jsonapi import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sinks.vrops.host import Host

REFERENCE: Final = "VMEntityObjectID"
"""The identifier that holds the managed object id."""

VCENTER: Final = "VMEntityVCID"
"""The identifier that holds the instance UUID of the vCenter."""

TIMED: Final = "MAINTAINED"
"""The state that ends by itself."""

MANUAL: Final = "MAINTAINED_MANUAL"
"""The state that lasts until somebody ends it."""

NAMED: Final = 5  # candidates in one error

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Attributes:
        identifier: of the resource; fit for a path.
        name: as Aria Operations shows it.
        reference: managed object id.
        vcenter: instance UUID of its vCenter, lower case.
        states: one per adapter instance that watches it.
    """

    identifier: str
    name: str
    reference: str
    vcenter: str
    states: frozenset[str]

    @classmethod
    def of(cls, described: Any) -> Resource | None:
        """The resource that an element of ``resourceList`` describes; None when it describes none."""
        try:
            key = described["resourceKey"]
            values = {each["identifierType"]["name"]: str(each["value"]) for each in key["resourceIdentifiers"]}
            states = frozenset(str(each["resourceState"]) for each in described.get("resourceStatusStates") or ())
            identifier, name = str(described["identifier"]), str(key["name"])
        except (AttributeError, KeyError, TypeError):
            return None
        if not _IDENTIFIER.fullmatch(identifier):
            return None
        return cls(identifier, name, values.get(REFERENCE, ""), values.get(VCENTER, "").lower(), states)

    @property
    def maintained(self) -> bool:
        """Whether it is in maintenance, for whichever adapter instance."""
        return not self.states.isdisjoint({TIMED, MANUAL})

    def __str__(self) -> str:
        return printable(f"{self.name} ({self.reference or '-'} of vCenter {self.vcenter or '-'})", 160)


def single(candidates: Sequence[Resource], host: Host, vcenter: str) -> Resource:
    """The only one that is this host of this vCenter.

    Args:
        candidates: what goes by its name.
        host: who is meant.
        vcenter: instance UUID of its vCenter.

    Raises:
        Reject: none is, or several are; the candidates are named.
    """
    meant = [each for each in candidates if (each.reference, each.vcenter) == (host.reference, vcenter.lower())]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise Reject(f"{len(meant)} hosts of Aria Operations are {host}: {_listed(meant, identified=True)}")
    found = f"; by that name there are {_listed(candidates)}" if candidates else "; nothing has that name"
    raise Reject(f"no host of Aria Operations is {host} of vCenter {vcenter}{found}")


def _listed(resources: Sequence[Resource], *, identified: bool = False) -> str:
    named = ", ".join(f"{each} {each.identifier}" if identified else str(each) for each in resources[:NAMED])
    return f"{named} and {len(resources) - NAMED} more" if len(resources) > NAMED else named
