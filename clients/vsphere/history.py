"""Tasks that a vCenter remembers of one object: what proves that something was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.account import Account
from clients.vsphere.faults import attempted, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session

PAGE: Final = 100

MOST: Final = 1_000
"""Tasks of one object that are looked at."""


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
