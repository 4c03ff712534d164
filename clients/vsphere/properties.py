"""Reading properties through the PropertyCollector, leaf path by leaf path.

Never through pyvmomi's attributes: ``vm.runtime`` or ``vm.summary`` fetch whole objects, and one value that pyvmomi
does not know spoils all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyVmomi import vim, vmodl

from clients.vsphere.faults import NOT_FOUND, VsphereFault, attempted, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clients.vsphere.session import Session

Spec = vmodl.query.PropertyCollector


class Row(NamedTuple):
    """What was read of one object.

    Attributes:
        reference: the managed object.
        values: by path; a path that is unset, or that this session may not read, is absent.
    """

    reference: Any
    values: dict[str, Any]


def read(session: Session, reference: Any, paths: Sequence[str]) -> dict[str, Any]:
    """The values of one managed object, by path; unset ones are absent.

    Raises:
        VsphereFault: ``ManagedObjectNotFound`` when the object is gone, or another fault.
        SessionLost: log in again.
        Unreachable: no answer.
    """
    what = Spec.ObjectSpec(obj=reference)
    rows = list(_retrieve(session, [what], type(reference), paths))
    return rows[0].values if rows else {}


def read_each(session: Session, references: Sequence[Any], paths: Sequence[str]) -> list[Row]:
    """The values of several managed objects of one kind; costs one call, none for no object; errors as for ``read``."""
    if not references:
        return []
    what = [Spec.ObjectSpec(obj=reference) for reference in references]
    return list(_retrieve(session, what, type(references[0]), paths))


def read_held(session: Session, holder: Any, path: str, kind: Any, paths: Sequence[str]) -> list[Row]:
    """The values of all objects that a managed object refers to, as they are at one moment; errors as for ``read``.

    Args:
        session: where.
        holder: the managed object.
        path: its property that holds the references.
        kind: class of what they refer to, such as ``vim.VirtualMachine``.
        paths: of each of these.
    """
    along = Spec.TraversalSpec(name="along", path=path, skip=False, type=type(holder))
    what = Spec.ObjectSpec(obj=holder, skip=True, selectSet=[along])
    return list(_retrieve(session, [what], kind, paths))


def read_those_left(session: Session, references: Sequence[Any], paths: Sequence[str]) -> list[Row]:
    """As ``read_each``, without those that are gone meanwhile: a vCenter refuses a whole question for one of them."""
    try:
        return read_each(session, references, paths)
    except VsphereFault as fault:
        if fault.fault != NOT_FOUND:
            raise
    if len(references) == 1:
        return []
    middle = len(references) // 2
    halves = (references[:middle], references[middle:])
    return [row for half in halves for row in read_those_left(session, half, paths)]


def read_all(session: Session, kind: Any, paths: Sequence[str], *, within: Any | None = None) -> list[Row]:
    """The values of every object of one kind, such as ``vim.VirtualMachine``, that this session may see.

    Args:
        session: logged in.
        kind: class of what is looked for.
        paths: what is read.
        within: a folder, datacenter, cluster or resource pool that holds them; None: the whole vCenter.

    Raises:
        SessionLost: log in again.
        Unreachable: no answer.
        VsphereFault: any fault.
    """
    with translated(session.name):
        root = session.content.rootFolder if within is None else within
        view = session.content.viewManager.CreateContainerView(root, [kind], True)
    try:
        into_view = Spec.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
        what = Spec.ObjectSpec(obj=view, skip=True, selectSet=[into_view])
        return list(_retrieve(session, [what], kind, paths))
    finally:
        with attempted(session.name):
            view.DestroyView()


def _retrieve(session: Session, what: Sequence[Any], kind: Any, paths: Sequence[str]) -> Iterator[Row]:
    leaves = Spec.PropertySpec(type=kind, all=False, pathSet=list(paths))
    collector = session.content.propertyCollector
    with translated(session.name):
        page = collector.RetrievePropertiesEx(
            [Spec.FilterSpec(objectSet=list(what), propSet=[leaves])], Spec.RetrieveOptions()
        )
        while page is not None:
            for found in page.objects:
                yield Row(found.obj, {value.name: value.val for value in found.propSet})
            page = collector.ContinueRetrievePropertiesEx(page.token) if page.token else None
