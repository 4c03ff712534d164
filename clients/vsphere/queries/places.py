"""Paths of folders, for many objects at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.properties import read_all
from clients.vsphere.target import moref

if TYPE_CHECKING:
    from clients.vsphere.session import Session

DEEPEST: Final = 64
"""Folders in each other; a longer way is no inventory."""


class Places:
    """Every folder and datacenter of a vCenter; costs two calls, errors as for ``properties.read_all``.

    Args:
        session: logged in.
    """

    def __init__(self, session: Session) -> None:
        rows = [row for kind in (vim.Folder, vim.Datacenter) for row in read_all(session, kind, ["name", "parent"])]
        self._known = {moref(row.reference): row.values for row in rows}
        self._root = moref(session.content.rootFolder)

    def path(self, holder: Any | None) -> str | None:
        """Of a folder, as ``/DC0/vm/test``; None where this account does not see all of the way, or there is none."""
        names: list[str] = []
        for _ in range(DEEPEST):
            if holder is None:
                return None
            if moref(holder) == self._root:
                return "".join(f"/{name}" for name in reversed(names))
            values = self._known.get(moref(holder), {})
            names.append(str(values.get("name", "")))
            holder = values.get("parent")
        return None
