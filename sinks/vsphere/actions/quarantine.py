"""``action: quarantine``: have a virtual machine out of the way, with all that is needed to bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import history, ownership, task
from clients.vsphere.facts import facts
from clients.vsphere.faults import NOT_FOUND, VsphereFault, translated
from clients.vsphere.target import REFERENCES, Target, moref, named
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import entanglement, files, power, state
from sinks.vsphere.machine.files import Place
from sinks.vsphere.storage import shifting, store, users

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.quarantine import QuarantineParameters
    from sinks.vsphere.storage.store import Store

POOL: Final = "resourcePool"
HOST: Final = "runtime.host"
TEMPLATE: Final = "config.template"
OWNER: Final = ownership.path(ownership.OWNER)
LEASE: Final = ownership.path(ownership.LEASE)

NEEDED: Final = (power.POWER, TEMPLATE, "parent", *entanglement.NEEDED)
OPTIONAL: Final = (POOL, HOST, OWNER, LEASE, *entanglement.OPTIONAL)

WORDS: Final = ("filemanager.move", "folder.registervm", "virtualmachine.unregister")


@dataclass(frozen=True, slots=True)
class Registration:
    """What brings a machine back into the inventory; arguments of ``RegisterVM_Task``."""

    folder: Any
    path: str
    name: str
    pool: Any
    host: Any


def away(given: QuarantineParameters) -> Place:
    """Where the machine's file lies once it is put away."""
    home = Place.of(given.path)
    return home._replace(folder=f"{given.folder}/{given.mark}-{home.folder.rpartition('/')[2]}")


class Quarantine:
    """Takes a machine that is off out of the inventory, then moves its files into a folder of the same datastore.

    Two steps. After the first nothing but the path of its file tells which machine it was; so that is a parameter.
    """

    privileges: ClassVar = ("VirtualMachine.Inventory.Unregister", "Datastore.Browse", "Datastore.FileManagement")
    verifiable: ClassVar = True

    def __init__(self, parameters: QuarantineParameters) -> None:
        self._parameters = parameters
        self._home = Place.of(parameters.path)
        self._away = away(parameters)

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Which of the steps is next."""
        del event  # the mark in the folder's name says for which action it was done
        try:
            values = state.read(target, NEEDED, OPTIONAL)
        except VsphereFault as fault:
            if fault.fault != NOT_FOUND:
                raise
            return self._moving(target, store.named(target.session, self._home.store))
        return self._unregistering(target, values)

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Its files back to where they were, then the machine into its folder, resource pool and host."""
        del event
        session = target.session
        found = store.named(session, self._home.store)
        if shifting.registered(found, self._home) is not None:
            return Plan(target, ())
        if found.holds(self._away.folder, self._away.file):
            if found.holds(self._home.folder):
                raise Reject(f"{self._home.home} is in use by now: {target} is not brought back")
            spec = shifting.Move(found, self._away.folder, self._home.folder)
            return Plan(target, (f"move its files back to {self._home.home}",), spec)
        if not found.holds(self._home.folder, self._home.file):
            raise Reject(f"the files of {before['name']} are neither in {self._away.home} nor in {self._home.home}")
        folder, pool, host = (
            _still(session, kind, before.get(key))
            for kind, key in (("Folder", "folder"), ("ResourcePool", "pool"), ("HostSystem", "host"))
        )
        if folder is None or pool is None:
            gone = "folder" if folder is None else "resource pool"
            raise Reject(f"the {gone} that {before['name']} was in is not there any more: register it by hand")
        registration = Registration(folder, self._parameters.path, str(before["name"]), pool, host)
        return Plan(target, (f"register {before['name']} again",), registration, rest=found.moves_folders)

    def start(self, plan: Plan) -> Any | None:
        """``UnregisterVM``, or one ``MoveDatastoreFile_Task``, or one ``RegisterVM_Task``, as the plan says."""
        session, spec = plan.target.session, plan.spec
        if isinstance(spec, shifting.Move):
            return spec.start()
        if isinstance(spec, Registration):
            return task.start(
                session,
                lambda: spec.folder.RegisterVM_Task(
                    path=spec.path, name=spec.name, asTemplate=False, pool=spec.pool, host=spec.host
                ),
            )
        with translated(session.name):
            plan.target.reference.UnregisterVM()
        return None

    def goes_on(self, target: Target, *, since: float) -> bool:
        """Whether files of ours are on their way."""
        return history.goes_on(target.session, WORDS, since=since)

    def _unregistering(self, target: Target, values: dict[str, Any]) -> Plan:
        present = Place.of(str(values[files.PATH]))
        if present != self._home:
            raise Reject(f"{target} lies at {present}, not at {self._parameters.path} (any more)")
        if reasons := [*self._reasons(values), *entanglement.reasons(values)]:
            raise Reject(f"{target} is not put away: {', '.join(reasons)}")
        found = store.named(target.session, self._home.store)
        if needed := users.others(found, self._home.folder, than=target.moref):
            raise Reject(f"{target} is not put away: {named(needed)} need files of its folder")
        return Plan(target, (f"unregister it; its files {self._fate(found)}",), None, self._before(target, values))

    def _moving(self, target: Target, found: Store) -> Plan:
        """What is left when the machine is not in the inventory any more."""
        if (other := shifting.registered(found, self._home)) is not None:
            raise Reject(f"somebody has registered {self._parameters.path} again as {moref(other)}: it stays there")
        if not found.moves_folders or found.holds(self._away.folder, self._away.file):
            return Plan(target, ())
        if not found.holds(self._home.folder, self._home.file):
            lost = f"its files are neither in {self._home.home} nor in {self._away.home}"
            return Plan(target, (), left=(lost,))
        if needed := users.others(found, self._home.folder):
            raise Reject(f"the files of {target} are not moved: {named(needed)} need them")
        spec = shifting.Move(found, self._home.folder, self._away.folder)
        return Plan(target, (f"move its files to {self._away.home}",), spec, rest=True)

    def _reasons(self, values: dict[str, Any]) -> list[str]:
        given, owner = self._parameters, ownership.text(values, ownership.OWNER)
        found = []
        if values[power.POWER] != power.OFF:
            found.append("it is not powered off (power-off stops it)")
        if values[TEMPLATE]:
            found.append("it is a template")
        if given.owner and owner != given.owner:
            found.append(f"it belongs to {owner or 'nobody that it names'}, not to {given.owner}")
        if given.lease and (lease := ownership.text(values, ownership.LEASE)) != given.lease:
            found.append(f"its lease ends {lease or 'never'} by now")
        if self._home.folder.split("/")[0] == given.folder:
            found.append(f"it lies in {given.folder} already")
        return found

    def _fate(self, found: Store) -> str:
        if found.moves_folders:
            return f"go to {self._away.home}"
        return f"stay in {self._home.home}, for a datastore of the kind {found.kind} moves no folders"

    def _before(self, target: Target, values: dict[str, Any]) -> dict[str, Any]:
        known = facts(target)
        places = {"folder": values["parent"], "pool": values.get(POOL), "host": values.get(HOST)}
        return {
            "name": known.name,
            "place": known.path,
            "owner": known.owner,
            "path": self._parameters.path,
            **{key: moref(each) for key, each in places.items() if each is not None},
        }


def _still(session: Any, kind: str, name: Any) -> Any | None:
    """An object by its moref; None when it is gone."""
    if not isinstance(name, str):
        return None
    kinds = {**REFERENCES, "ResourcePool": vim.ResourcePool}
    reference = kinds[kind](name, session.stub)
    return reference if shifting.is_there(session, reference) else None
