"""Tasks that a vCenter remembers of one object: what proves that something was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.account import Account
from clients.vsphere.faults import NOT_FOUND, VsphereFault, attempted, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clients.vsphere.session import Session

PAGE: Final = 100

MOST: Final = 1_000
"""Tasks of one object that are looked at."""

SOON: Final = timedelta(minutes=10)

_LEAVES: Final = ("info.descriptionId", "info.queueTime", "info.reason", "info.state")
_GOING_ON: Final = frozenset({vim.TaskInfo.State.queued, vim.TaskInfo.State.running})


def begun(session: Session, entity: Any, *, since: float) -> str | None:
    """The id of the first task on an object that the session's own account has begun since then, or None.

    Args:
        session: logged in.
        entity: the object.
        since: by the vCenter's clock, seconds since 1970.

    Raises:
        VsphereFault, SessionLost, Unreachable: it cannot be told.
    """
    account = Account.of(session.config.account.username, session.config.url)
    by_account = [
        info
        for info in _tasks(session, entity, datetime.fromtimestamp(since, UTC))
        if account.is_called(str(getattr(info.reason, "userName", "")), session.config.url)
    ]
    first = min(by_account, key=lambda info: info.queueTime, default=None)
    return None if first is None else str(first.key)


def goes_on(session: Session, words: Sequence[str], *, since: float) -> bool:
    """Whether a task of some kinds, begun by the session's own account from then on, has not ended.

    Those begun more than ``SOON`` after ``since`` are others: whoever asks has not waited so long for an answer.
    What a task is about is not read: pyvmomi knows only some of the objects that it may be.

    Args:
        session: logged in.
        words: how the ids of such tasks begin, in lower case: ``virtualmachine.clone``.
        since: by the vCenter's clock, seconds since 1970.

    Raises:
        VsphereFault, SessionLost, Unreachable: it cannot be told.
    """
    account = Account.of(session.config.account.username, session.config.url)
    begin = datetime.fromtimestamp(since, UTC)
    recent = properties.read(session, session.content.taskManager, ["recentTask"]).get("recentTask", ())
    for values in (_leaves(session, each) for each in recent):
        moment = values.get("info.queueTime")
        if (
            values.get("info.state") in _GOING_ON
            and str(values.get("info.descriptionId", "")).casefold().startswith(tuple(words))
            and (moment is None or begin <= moment <= begin + SOON)
            and account.is_called(str(getattr(values.get("info.reason"), "userName", "")), session.config.url)
        ):
            return True
    return False


def _leaves(session: Session, task: Any) -> dict[str, Any]:
    try:
        return properties.read(session, task, _LEAVES)
    except VsphereFault as fault:
        if fault.fault == NOT_FOUND:  # forgotten meanwhile: it had ended
            return {}
        raise


def _tasks(session: Session, entity: Any, since: datetime) -> Iterator[Any]:
    of = vim.TaskFilterSpec.ByEntity(entity=entity, recursion="self")
    queued = vim.TaskFilterSpec.ByTime(timeType="queuedTime", beginTime=since)
    with translated(session.name):
        collector = session.content.taskManager.CreateCollectorForTasks(vim.TaskFilterSpec(entity=of, time=queued))
        try:
            for _ in range(0, MOST, PAGE):
                page = collector.ReadNextTasks(PAGE)
                if not page:
                    return
                yield from page
        finally:
            with attempted(session.name):
                collector.DestroyCollector()
