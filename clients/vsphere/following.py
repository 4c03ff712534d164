"""Following a managed object until it is as somebody wants it."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from pyVmomi import vmodl

from clients.vsphere.faults import attempted, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.vsphere.session import Session

Spec = vmodl.query.PropertyCollector


def follow(
    session: Session,
    reference: Any,
    paths: Sequence[str],
    *,
    until: Callable[[dict[str, Any]], bool],
    deadline: float,
) -> dict[str, Any]:
    """Values of one managed object by path, as they change; the last ones, whether they are as wanted or not.

    Args:
        session: logged in.
        reference: the object.
        paths: leaves of it.
        until: whether values are as wanted; asked after every change.
        deadline: instant of ``time.monotonic`` to give up at.

    Raises:
        VsphereFault: the object is gone, or another fault.
        SessionLost, Unreachable: no answer.
    """
    with translated(session.name):
        # Of its own: updates of a shared collector would reach whichever thread asks first.
        collector = session.content.propertyCollector.CreatePropertyCollector()
        try:
            leaves = Spec.PropertySpec(type=type(reference), all=False, pathSet=list(paths))
            collector.CreateFilter(Spec.FilterSpec(objectSet=[Spec.ObjectSpec(obj=reference)], propSet=[leaves]), True)
            return _follow(session, collector, until, deadline)
        finally:
            with attempted(session.name):
                collector.DestroyPropertyCollector()


def _follow(
    session: Session, collector: Any, until: Callable[[dict[str, Any]], bool], deadline: float
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    version = ""
    while not until(values) and (left := deadline - monotonic()) > 0:
        # The server must answer, with nothing if need be, before the connection's own time-out.
        pause = max(1, int(min(left, session.config.timeout / 2)))
        update = collector.WaitForUpdatesEx(version, Spec.WaitOptions(maxWaitSeconds=pause))
        if update is None:
            continue
        version = update.version
        for changed in update.filterSet[0].objectSet:
            values.update({change.name: change.val for change in changed.changeSet})
    return values
