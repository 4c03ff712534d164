"""Finding the execution of an event among those that vRO keeps, so that none is started twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sinks.completion import all_of
from sinks.vro.execution import CANCELED, COMPLETED, FAILED, INITIALIZING, identity

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.jsonapi import Deadline
    from sinks.vro.execution import Execution, Identity
    from sinks.vro.orchestrator import Orchestrator

SLACK: Final = timedelta(days=1)
"""How wrong an event's time may be, time zones included: an execution that started sooner is not the event's."""

AT_ONCE: Final = 8  # executions that one search reads side by side
KNOWN: Final = 20_000  # executions whose event is remembered

_RANK: Final = {COMPLETED: 0, FAILED: 2, CANCELED: 2}


class Search:
    """Looks through the executions of one workflow; what was read once is not read again.

    Args:
        orchestrator: who lists and shows them.
    """

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._known: OrderedDict[str, Identity | None] = OrderedDict()

    def learn(self, identifier: str, event: CloudEvent) -> None:
        """An execution that was started for an event."""
        self._remember(identifier, identity(event))

    async def find(self, event: CloudEvent, deadline: Deadline, *, failed: bool = True) -> Execution | None:
        """The execution of an event; of several one that has completed, else one that runs.

        Args:
            event: the event.
            deadline: the end of the search.
            failed: whether one that has failed, or was canceled, counts.

        Raises:
            Retry, Reject, Unavailable, Refused: vRO does not answer as it should, or not in time; what was read by
                then is not read again.
        """
        wanted, since = identity(event), _earliest(event)
        entries = [
            entry.identifier
            for entry in await self._orchestrator.list(deadline)
            if since is None or entry.started is None or entry.started >= since
        ]
        unread = [identifier for identifier in entries if identifier not in self._known]
        for first in range(0, len(unread), AT_ONCE):
            await all_of(self._read(identifier, deadline) for identifier in unread[first : first + AT_ONCE])
        candidates = [identifier for identifier in entries if self._known.get(identifier) == wanted]
        read = [await self._orchestrator.read(identifier, deadline) for identifier in candidates]
        there = [each for each in read if each is not None and (failed or each.state not in {FAILED, CANCELED})]
        return min(there, key=lambda execution: _RANK.get(execution.state, 1), default=None)

    async def _read(self, identifier: str, deadline: Deadline) -> None:
        execution = await self._orchestrator.read(identifier, deadline)
        # One that is just being made may get its inputs in a moment.
        if execution is not None and (execution.identity is not None or execution.state != INITIALIZING):
            self._remember(identifier, execution.identity)

    def _remember(self, identifier: str, whose: Identity | None) -> None:
        self._known[identifier] = whose
        self._known.move_to_end(identifier)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)


def _earliest(event: CloudEvent) -> datetime | None:
    try:
        time = datetime.fromisoformat((event.time or "").upper().replace(":60", ":59", 1))
        return time.astimezone(UTC) - SLACK
    except (OverflowError, ValueError):
        return None
