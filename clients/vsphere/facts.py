"""What guardrails ask about an object before anything is done to it, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim, vmodl

from clients.vsphere.faults import translated
from clients.vsphere.kinds import FOLDER
from clients.vsphere.ownership import OWNER, path, text
from clients.vsphere.target import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clients.vsphere.target import Target

VCLS: Final = "vCLS"
"""vSphere Cluster Services: name of their folder, and with a dash the beginning of their machines' names."""

PRODUCT: Final = "config.vAppConfig.product"

DEEPEST: Final = 64
"""Folders in each other; a longer way is no inventory."""

_PATHS: Final = {
    vim.ManagedEntity: ("name", "parent"),
    vim.VirtualMachine: (
        "parentVApp",
        "runtime.host",
        "runtime.powerState",
        "config.template",
        "config.managedBy",
        PRODUCT,
        path(OWNER),
    ),
    vim.HostSystem: ("runtime.powerState",),
    vim.DistributedVirtualSwitch: ("config.extensionKey",),
}

Spec = vmodl.query.PropertyCollector


@dataclass(frozen=True, slots=True)
class Facts:
    """An object's place and owner.

    Attributes:
        name: as people write it.
        path: names of what holds it, from the datacenter on: ``/DC0/vm/prod``; escaped as the vCenter stores them.
            None when this account does not see all of it. Of a folder its own: what holds what is in it.
        cluster: moref of the cluster it is in or is, if there is one.
        host: moref of the host it is on or is.
        template: whether it is one.
        managed_by: key of the extension that manages it.
        product: of the appliance that a machine is, as its vApp properties name it.
        power: ``poweredOn`` and the like, of machines and hosts.
        owner: of a machine: the person it was made for, as its extra configuration says; None when it says nothing.
    """

    name: str
    path: str | None
    cluster: str | None = None
    host: str | None = None
    template: bool = False
    managed_by: str | None = None
    product: str | None = None
    power: str | None = None
    owner: str | None = None

    @property
    def service(self) -> str | None:
        """What owns it instead of people: an extension's key, or vSphere's cluster services; None when nothing does."""
        if self.managed_by:
            return self.managed_by
        in_folder = VCLS.casefold() in (self.path or "").casefold().split("/")
        return VCLS if in_folder or self.name.casefold().startswith(f"{VCLS}-".casefold()) else None


def facts(target: Target) -> Facts:
    """The facts of a virtual machine, host, cluster, datastore, distributed switch or folder.

    Costs one call, one more for each further page of the answer.

    Raises:
        VsphereFault: ``ManagedObjectNotFound`` when the object is gone, or another fault.
        SessionLost, Unreachable: no answer.
    """
    return facts_of_each([target])[0]


def facts_of_each(targets: Sequence[Target]) -> list[Facts]:
    """The facts of several objects of one vCenter, in their order; costs and errors as for one."""
    if not targets:
        return []
    found = _retrieve(targets)
    return [_facts(target, found) for target in targets]


def _facts(target: Target, found: Mapping[str, tuple[Any, dict[str, Any]]]) -> Facts:
    values = found.get(target.moref, (None, {}))[1]
    host = values.get("runtime.host") or (target.reference if isinstance(target.reference, vim.HostSystem) else None)
    around = list(_around(target.moref, found))
    power = values.get("runtime.powerState")
    owner = values.get("config.managedBy")
    return Facts(
        name=shown_name(values.get("name") or target.name),
        path=_path(found, around, root=str(_moref(target.session.content.rootFolder)), own=target.kind == FOLDER),
        cluster=_cluster(found, around, _moref(host)),
        host=_moref(host),
        template=bool(values.get("config.template")),
        managed_by=str(owner.extensionKey) if owner is not None else values.get("config.extensionKey") or None,
        product=next((str(each.name) for each in values.get(PRODUCT, ()) if each.name), None),
        power=str(power) if power else None,
        owner=text(values, OWNER),
    )


def _retrieve(targets: Sequence[Target]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """The objects, all that holds them, and their hosts with all that holds those: class and values by moref."""
    session = targets[0].session
    up = Spec.SelectionSpec(name="up")
    ways = [
        Spec.TraversalSpec(name="up", type=vim.ManagedEntity, path="parent", selectSet=[up]),
        Spec.TraversalSpec(type=vim.VirtualMachine, path="parentVApp", selectSet=[up]),
        Spec.TraversalSpec(type=vim.VirtualMachine, path="runtime.host", selectSet=[up]),
    ]
    leaves = [Spec.PropertySpec(type=kind, all=False, pathSet=list(paths)) for kind, paths in _PATHS.items()]
    what = [Spec.ObjectSpec(obj=target.reference, selectSet=ways) for target in targets]
    wanted = Spec.FilterSpec(objectSet=what, propSet=leaves)
    found: dict[str, tuple[Any, dict[str, Any]]] = {}
    with translated(session.name):
        collector = session.content.propertyCollector
        page = collector.RetrievePropertiesEx([wanted], Spec.RetrieveOptions())
        while page is not None:
            for each in page.objects:
                _, values = found.setdefault(str(_moref(each.obj)), (type(each.obj), {}))
                values.update({value.name: value.val for value in each.propSet})
            page = collector.ContinueRetrievePropertiesEx(page.token) if page.token else None
    return found


def _around(moref: str, found: Mapping[str, tuple[Any, dict[str, Any]]]) -> Iterator[str]:
    """The object, what holds it, and so on to the root."""
    holder: str | None = moref
    for _ in range(DEEPEST):
        if holder is None or holder not in found:
            return
        yield holder
        values = found[holder][1]
        holder = _moref(values.get("parent") or values.get("parentVApp"))


def _path(found: Mapping[str, tuple[Any, dict[str, Any]]], around: list[str], *, root: str, own: bool) -> str | None:
    if around[-1:] != [root]:
        return None
    holders = around[:-1] if own else around[1:-1]
    return "".join(f"/{found[moref][1].get('name', '')}" for moref in reversed(holders))


def _cluster(found: Mapping[str, tuple[Any, dict[str, Any]]], around: list[str], host: str | None) -> str | None:
    for moref in [*around, *_around(host or "", found)]:
        if issubclass(found[moref][0], vim.ClusterComputeResource):
            return moref
    return None


def _moref(reference: Any) -> str | None:
    return str(reference._moId) if reference is not None else None  # noqa: SLF001 - pyvmomi's place for it
