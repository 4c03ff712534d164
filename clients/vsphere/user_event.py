"""An event of our own in a vCenter's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyVmomi import vim, vmodl

from clients.vsphere.faults import translated

if TYPE_CHECKING:
    from clients.vsphere.session import Session


def log_user_event(session: Session, text: str) -> None:
    """Have the vCenter log ``text`` as a GeneralUserEvent about its root folder.

    Raises:
        Refused: the user lacks the privilege Global.LogEvent.
        SessionLost, Unreachable, VsphereFault: see ``translated``.
    """
    manager = session.content.eventManager
    with translated(session.name):
        try:
            manager.LogUserEvent(entity=session.content.rootFolder, msg=text)
        except vmodl.fault.MethodNotFound:  # a simulator
            now = session.current_time()
            manager.PostEvent(vim.event.GeneralUserEvent(key=0, chainId=0, createdTime=now, userName="", message=text))
