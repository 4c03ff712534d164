"""``action: purge``: have the files of a machine no more that was put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from clients.vsphere import history, task
from clients.vsphere.target import named
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.storage import store, users

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.quarantine import PurgeParameters

WORDS: Final = ("filemanager.delete",)


class Purge:
    """Deletes one folder of the quarantine, with all that is in it. Nothing brings it back.

    It must be in the quarantine's folder of that datastore itself, under the mark of the action that has put it there.
    """

    privileges: ClassVar = ("Datastore.Browse", "Datastore.FileManagement")
    verifiable: ClassVar = True

    def __init__(self, parameters: PurgeParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether it is there, and nobody needs it."""
        del event  # a folder that is not there is as it should be
        given, found = self._parameters, store.of(target)
        name, _, folder = given.path.removeprefix("[").partition("] ")
        top, _, below = folder.partition("/")
        if name != found.name:
            raise Reject(f"{given.path} is not on {target}: it is not deleted")
        if top != given.folder or not below.startswith(f"{given.mark}-"):
            raise Reject(f"{given.path} is not what {given.mark} has put into {given.folder}: it is not deleted")
        if not found.holds(top, below):
            return Plan(target, ())
        if needed := users.others(found, folder):
            raise Reject(f"{given.path} is not deleted: {named(needed)} need it")
        return Plan(target, (f"delete {given.path} and all that is in it",), found)

    def start(self, plan: Plan) -> Any:
        """One ``DeleteDatastoreFile_Task``."""
        session, found = plan.target.session, plan.spec
        manager = session.content.fileManager
        return task.start(session, lambda: manager.DeleteDatastoreFile_Task(self._parameters.path, found.datacenter))

    def goes_on(self, target: Target, *, since: float) -> bool:
        """Whether files are being deleted."""
        return history.goes_on(target.session, WORDS, since=since)
