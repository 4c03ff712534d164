"""One datastore, and what lies in its folders."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.faults import VsphereFault
from clients.vsphere.target import moref, shown_name
from schemas.errors import Reject, Retry
from sinks.vsphere.making import naming
from sinks.vsphere.making.place import DEEPEST

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target

KIND: Final = "summary.type"
BROWSER: Final = "browser"

PATIENCE: Final = 60.0
"""Seconds that a look into a folder may take."""

_OBJECTS: Final = frozenset({"vsan", "vsand", "vvol"})
"""Kinds of datastores whose folders are objects: those are not moved."""

_ABSENT: Final = frozenset({"FileNotFound", "InvalidDatastorePath"})


class Store(NamedTuple):
    """A datastore.

    Attributes:
        session: of its vCenter.
        reference: the datastore.
        name: as people write it.
        datacenter: that it is in.
        kind: ``VMFS``, ``NFS``, ``vsan`` and so on.
        browser: that looks into its folders.
    """

    session: Session
    reference: Any
    name: str
    datacenter: Any
    kind: str
    browser: Any

    @property
    def moves_folders(self) -> bool:
        """Whether folders can be moved inside of it."""
        return self.kind.casefold() not in _OBJECTS

    def holds(self, folder: str, pattern: str = "*") -> bool:
        """Whether a folder is there, with a file in it.

        Args:
            folder: without slashes around.
            pattern: names of files that count, with ``*`` and ``?``.

        Raises:
            Retry: the vCenter takes too long to look.
            SessionLost, Unreachable, VsphereFault: it cannot be told.
        """
        spec = vim.host.DatastoreBrowser.SearchSpec(matchPattern=[pattern])
        looking = task.start(
            self.session, lambda: self.browser.SearchDatastore_Task(f"[{self.name}] {folder}", searchSpec=spec)
        )
        try:
            found = task.wait(self.session, looking, deadline=monotonic() + PATIENCE)
        except VsphereFault as fault:
            if fault.fault in _ABSENT:
                return False
            raise
        except task.TaskUnfinished as unfinished:
            raise Retry(f"[{self.name}] {folder}: {unfinished}") from unfinished
        return bool(found is not None and found.file)


def named(session: Session, name: str) -> Store:
    """The datastore of that name.

    Raises:
        Reject: there is none, or one in each of several datacenters: nobody could tell which is meant.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    known = naming.every(session, vim.Datastore, ["parent", KIND, BROWSER])
    fitting = [each for each in known if each.name == name]
    if len(fitting) != 1:
        many = "more than one datastore is" if fitting else "no datastore is"
        raise Reject(f"{many} called {name!r} in vCenter {session.name}")
    return _store(session, fitting[0].reference, dict(fitting[0].values))


def of(target: Target) -> Store:
    """A datastore that is known already; errors as for ``properties.read``."""
    values = properties.read(target.session, target.reference, ["name", "parent", KIND, BROWSER])
    return _store(target.session, target.reference, values)


def _store(session: Session, reference: Any, values: dict[str, Any]) -> Store:
    holder = values.get("parent")
    for _ in range(DEEPEST):
        if holder is None or isinstance(holder, vim.Datacenter):
            break
        holder = properties.read(session, holder, ["parent"]).get("parent")
    if not isinstance(holder, vim.Datacenter):
        raise Reject(f"vCenter {session.name} does not tell in which datacenter {moref(reference)} is: may we see it?")
    name = shown_name(str(values.get("name", "")))
    return Store(session, reference, name, holder, str(values.get(KIND, "")), values.get(BROWSER))
