"""Bringing one host into maintenance or out of it: read first, change once, look until it is so.

Only Aria Operations can tell, after any restart and to any process, that a maintenance is ours; so it is told. Before
maintenance without an end begins, the host's property ``reflexarc|maintenance`` gets the event's source and id, and is
read back; when it has ended, the property says ``-`` again. What others began has no such mark, and is theirs to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.errors import Reject, Retry
from sinks.vrops.resource import MANUAL

if TYPE_CHECKING:
    from sinks.jsonapi import Deadline
    from sinks.vrops.operations import Operations
    from sinks.vrops.resource import Resource

MARK: Final = "reflexarc|maintenance"
"""The property that says whose maintenance it is."""

NOBODY: Final = "-"
"""What it says when it is nobody's; an empty one could not be read back."""

LONGEST: Final = 500  # characters of a mark


class Maintenance:
    """Acts on one resource of Aria Operations within one deadline.

    Args:
        operations: the server.
        deadline: the end of the attempt.
    """

    def __init__(self, operations: Operations, deadline: Deadline) -> None:
        self._operations = operations
        self._deadline = deadline

    async def begin(self, resource: Resource, query: str, mark: str) -> str:
        """Have it maintained; what was done, in words.

        Args:
            resource: as it was found.
            query: says when maintenance ends by itself; empty: never.
            mark: who has begun it.

        Raises:
            Retry: it is not so yet, or nobody knows.
            Reject, Unavailable: the server refuses, or is away.
        """
        if resource.maintained:
            return "in maintenance already, nothing to do"
        if not query:
            await self._sign(resource.identifier, mark[:LONGEST])
        try:
            known = await self._operations.maintain(resource.identifier, query, self._deadline)
        except Reject:
            if not query:  # it did not begin, so whatever begins later is not ours
                await self._operations.remember(resource.identifier, MARK, NOBODY, self._deadline)
            raise
        await self._until(resource.identifier, maintained=True, known=known)
        return "in maintenance"

    async def end(self, resource: Resource, *, force: bool) -> str:
        """Have it maintained no longer, if we have begun it; what was done, in words.

        Args:
            resource: as it was found.
            force: whoever has begun it, and whether or not it ends by itself.

        Raises:
            Retry, Reject, Unavailable: as ``begin``.
        """
        identifier = resource.identifier
        ours = await self._mark(identifier) != NOBODY
        if not resource.maintained:
            if ours:
                await self._sign(identifier, NOBODY)
            return "in maintenance no longer, nothing to do"
        if not force and MANUAL not in resource.states:
            return "its maintenance ends by itself, left alone"
        if not force and not ours:
            return "somebody else has begun its maintenance, left alone"
        known = await self._operations.unmaintain(identifier, self._deadline)
        await self._until(identifier, maintained=False, known=known)
        if ours:
            await self._sign(identifier, NOBODY)
        return "out of maintenance"

    async def _mark(self, identifier: str) -> str:
        return (await self._operations.properties(identifier, self._deadline)).get(MARK, NOBODY)

    async def _sign(self, identifier: str, mark: str) -> None:
        """Write the mark, and wait until it is there: properties are taken in behind the answer."""
        await self._operations.remember(identifier, MARK, mark, self._deadline)

        async def signed() -> bool:
            return await self._mark(identifier) == mark

        if not await self._deadline.reached(signed):
            raise Retry(f"its property {MARK} was written, but cannot be read yet")

    async def _until(self, identifier: str, *, maintained: bool, known: bool) -> None:
        states = frozenset[str]()

        async def changed() -> bool:
            nonlocal states
            now = await self._operations.read(identifier, self._deadline)
            states = now.states
            return now.maintained == maintained

        if await self._deadline.reached(changed):
            return
        what = "was accepted" if known else "was not answered"
        raise Retry(f"the change {what}, and its state is still {', '.join(sorted(states)) or 'none'}")
