"""Virtual machines that were made for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyVmomi import vim

from clients.vsphere.ownership import OWNER, path, text
from clients.vsphere.properties import read_all
from clients.vsphere.target import shown_name

if TYPE_CHECKING:
    from clients.vsphere.session import Session


def owned(session: Session, owner: str) -> list[str]:
    """Names of all machines whose owner has exactly that name, in no order; costs as ``read_all``.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    rows = read_all(session, vim.VirtualMachine, ["name", path(OWNER)])
    return [shown_name(str(row.values.get("name", ""))) for row in rows if text(row.values, OWNER) == owner]
