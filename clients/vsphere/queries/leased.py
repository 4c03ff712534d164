"""Virtual machines that say until when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyVmomi import vim

from clients.vsphere.ownership import ACTION, LEASE, OWNER, path, text
from clients.vsphere.properties import read_all
from clients.vsphere.target import moref, shown_name

if TYPE_CHECKING:
    from clients.vsphere.session import Session

POWER: Final = "runtime.powerState"
TEMPLATE: Final = "config.template"
UUID: Final = "config.instanceUuid"
PATHS: Final = ("name", POWER, UUID, TEMPLATE, path(LEASE), path(OWNER), path(ACTION))


@dataclass(frozen=True, slots=True)
class Leased:
    """One virtual machine.

    Attributes:
        vcenter: where it is.
        moref: its managed object id there.
        uuid: which stays when it leaves the inventory and comes back; its ``moref`` where it has none.
        name: as people write it.
        runs: whether it is powered on; one that is suspended does not run.
        owner: whom it was made for; empty when it does not say.
        lease: until when it is wanted, as it says: anybody may have written anything.
        mark: id of the action that has made it; likewise, and empty when it does not say.
    """

    vcenter: str
    moref: str
    uuid: str
    name: str
    runs: bool
    owner: str
    lease: str
    mark: str = ""

    @property
    def key(self) -> str:
        """``<vcenter>/<moref>``."""
        return f"{self.vcenter}/{self.moref}"


def leased(session: Session) -> list[Leased]:
    """All that have a lease, but for templates; costs three calls, one more for each further page of the answer.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    return [
        Leased(
            session.name,
            moref(row.reference),
            str(row.values.get(UUID) or moref(row.reference)),
            shown_name(str(row.values.get("name", ""))),
            row.values.get(POWER) == "poweredOn",
            text(row.values, OWNER) or "",
            lease,
            text(row.values, ACTION) or "",
        )
        for row in read_all(session, vim.VirtualMachine, PATHS)
        if (lease := text(row.values, LEASE)) and not row.values.get(TEMPLATE)
    ]
