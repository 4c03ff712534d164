"""Folders that change their place inside of a datastore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clients.vsphere import properties, task
from clients.vsphere.faults import NOT_FOUND, VsphereFault, translated

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from sinks.vsphere.machine.files import Place
    from sinks.vsphere.storage.store import Store

_THERE = "FileAlreadyExists"


@dataclass(frozen=True, slots=True)
class Move:
    """A folder that goes to another one.

    Attributes:
        store: the datastore.
        source: without slashes around.
        destination: likewise; its last part is not there yet.
    """

    store: Store
    source: str
    destination: str

    def start(self) -> Any:
        """Make what will hold it, where that is not there, and begin the one ``MoveDatastoreFile_Task``.

        Raises:
            Refused, VsphereFault: the vCenter does not begin with it.
            SessionLost, Unreachable: whether it was begun is unknown.
        """
        session, at = self.store.session, f"[{self.store.name}] "
        manager, within = session.content.fileManager, self.store.datacenter
        if holder := self.destination.rpartition("/")[0]:
            try:
                with translated(session.name):
                    manager.MakeDirectory(at + holder, within, createParentDirectories=True)
            except VsphereFault as fault:
                if fault.fault != _THERE:
                    raise
        return task.start(
            session,
            lambda: manager.MoveDatastoreFile_Task(
                sourceName=at + self.source,
                sourceDatacenter=within,
                destinationName=at + self.destination,
                destinationDatacenter=within,
                force=False,
            ),
        )


def registered(store: Store, place: Place) -> Any | None:
    """The machine whose file lies there, if one is in the inventory.

    Raises:
        SessionLost, Unreachable, VsphereFault: it cannot be told.
    """
    with translated(store.session.name):
        return store.session.content.searchIndex.FindByDatastorePath(store.datacenter, str(place))


def is_there(session: Session, reference: Any) -> bool:
    """Whether an object is in the inventory; errors as for ``properties.read``."""
    try:
        properties.read(session, reference, ["name"])
    except VsphereFault as fault:
        if fault.fault == NOT_FOUND:
            return False
        raise
    return True
