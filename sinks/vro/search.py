"""Finding the execution of an event among those that vRO keeps, so that none is started twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from schemas.errors import Retry
from sinks.vro.execution import CANCELED, COMPLETED, FAILED, identity

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.jsonapi import Deadline
    from sinks.vro.execution import Execution, Identity
    from sinks.vro.orchestrator import Orchestrator

SLACK: Final = timedelta(minutes=10)
"""How far the clocks of vCenter and vRO may be apart: no execution starts before its event has happened."""

READ: Final = 1000  # executions that one search reads at most
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
            Retry: there are too many to tell.
            Retry, Reject, Unavailable, Refused: vRO does not answer as it should.
        """
        wanted, since = identity(event), _earliest(event)
        candidates = []
        unread = READ
        for entry in await self._orchestrator.list(deadline):
            if since is not None and entry.started is not None and entry.started < since:
                continue
            if entry.identifier not in self._known:
                unread -= 1
                if unread < 0:
                    raise Retry(f"more than {READ} executions are to be looked at: more of them with the next attempt")
                execution = await self._orchestrator.read(entry.identifier, deadline)
                self._remember(entry.identifier, execution.identity if execution is not None else None)
            if self._known.get(entry.identifier) == wanted:
                candidates.append(entry.identifier)
        read = [await self._orchestrator.read(identifier, deadline) for identifier in candidates]
        there = [each for each in read if each is not None and (failed or each.state not in {FAILED, CANCELED})]
        return min(there, key=lambda execution: _RANK.get(execution.state, 1), default=None)

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
