"""A vCenter's own report of what changes in its inventory, through a PropertyCollector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim, vmodl

from clients.vsphere.faults import attempted, translated
from ingest.inventory.change import PATHS, Change, Update

if TYPE_CHECKING:
    from clients.vsphere.session import Session

PAGE: Final = 1000
"""Objects in one answer."""

Spec = vmodl.query.PropertyCollector


class Watch:
    """Everything below the root: first what there is, page by page, then what changes.

    Args:
        session: logged in; it must outlive the watch.

    Raises:
        SessionLost: log in again; any method may raise these.
        Unreachable: no answer.
        Refused: a privilege is missing.
        VsphereFault: any fault.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._version = ""
        self._collector: Any = None
        self._view: Any = None
        kinds = [getattr(vim, kind) for kind in PATHS]
        content = session.content
        try:
            with translated(session.name):
                self._collector = content.propertyCollector.CreatePropertyCollector()
                self._view = content.viewManager.CreateContainerView(content.rootFolder, kinds, True)
                self._collector.CreateFilter(_filter(self._view), False)
        except BaseException:
            self.close()
            raise

    def read(self, wait: int) -> Update | None:
        """What was reported since the last time; None when nothing was within so many seconds."""
        options = Spec.WaitOptions(maxWaitSeconds=wait, maxObjectUpdates=PAGE)
        with translated(self._session.name):
            answer = self._collector.WaitForUpdatesEx(self._version, options)
        if answer is None:
            return None
        self._version = answer.version
        changes = [_change(each) for part in answer.filterSet or () for each in part.objectSet or ()]
        return Update(changes, complete=not answer.truncated)

    def close(self) -> None:
        """Leave nothing behind in the session, as far as the server still listens."""
        with attempted(self._session.name):
            if self._view is not None:
                self._view.DestroyView()
            if self._collector is not None:
                self._collector.DestroyPropertyCollector()
        self._view = self._collector = None


def _filter(view: Any) -> Any:
    into_view = Spec.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
    return Spec.FilterSpec(
        objectSet=[Spec.ObjectSpec(obj=view, skip=True, selectSet=[into_view])],
        propSet=[
            Spec.PropertySpec(type=getattr(vim, kind), all=False, pathSet=list(paths)) for kind, paths in PATHS.items()
        ],
    )


def _change(update: Any) -> Change:
    kind = str(update.obj._wsdlName)  # noqa: SLF001 - pyvmomi's place for it
    if update.kind == "leave":
        return Change(moref(update.obj), kind, None)
    values = {each.name: plain(each.val) for each in update.changeSet or ()}
    # What cannot be read, or no longer, is as good as unset.
    values |= dict.fromkeys(each.path for each in update.missingSet or ())
    return Change(moref(update.obj), kind, values)


def moref(reference: Any) -> str:
    """The id of a managed object."""
    return str(reference._moId)  # noqa: SLF001 - pyvmomi's place for it


def plain(value: Any) -> Any:
    """A value of a property as ``Change`` has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple((int(each.key), str(each.value)) for each in value if hasattr(each, "value"))
    return moref(value)
