"""For an event about what several objects share: those of them that are acted on, or why none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.vsphere.faults import NOT_FOUND, VsphereFault
from schemas.errors import Reject
from sinks.remediation.choice import fewest, number
from sinks.remediation.clocks import Clocks
from sinks.remediation.resolver import Resolved, described_each, referenced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.vsphere.target import Target
    from schemas.remediation.entity import Entity
    from sinks.remediation.tags import Tags
    from sinks.vsphere.actions import Choosing
    from sinks.vsphere.aim import ByReference
    from sinks.vsphere.sessions import Sessions

NAMED: Final = 20
"""Objects that a refusal says the reason of why they are not acted on."""

GIB: Final = 2**30


class Chooser:
    """Chooses among the objects that share something; everything blocks, safe for several threads.

    Args:
        sessions: of every vCenter in scope.
        tags: of their objects.
        action: that knows what is short, and what each object takes of it.
        most: objects that are acted on for one event.
    """

    def __init__(self, sessions: Sessions, tags: Tags, action: Choosing, most: int) -> None:
        self._sessions = sessions
        self._tags = tags
        self._action = action
        self._most = most
        self._clocks = Clocks()

    def choose(self, aim: ByReference, objection: Callable[[Entity], str | None]) -> tuple[Resolved, ...]:
        """What is acted on, the object that gains most first; or one reason why nothing is.

        Costs some seven calls, more where answers have several pages.

        Args:
            aim: what is shared.
            objection: why an object is never acted on, whatever it would gain; None when it may be.

        Raises:
            VsphereFault, Refused, Unreachable: something cannot be read.
        """
        session = self._sessions.get(aim.vcenter)
        offset = self._clocks.offset(session)
        shared = referenced(session, aim)
        try:
            found = self._found(shared, objection)
        except VsphereFault as fault:
            if fault.fault != NOT_FOUND:
                raise
            found = self._found(shared, objection)  # Without what was deleted in between.
        if isinstance(found, str):
            return (Resolved(None, found, offset, aim.vcenter),)
        return tuple(
            Resolved(entity, offset=offset, part=part, parts=len(found)) for part, entity in enumerate(found, 1)
        )

    def _found(self, shared: Target, objection: Callable[[Entity], str | None]) -> list[Entity] | str:
        try:
            need, candidates = self._action.shortage(shared)
        except Reject as reject:
            return str(reject)
        able = [each for each in candidates if not each.reasons]
        known = zip(able, described_each([each.target for each in able], self._tags), strict=True)
        asked = [(candidate, entity, objection(entity)) for candidate, entity in known]
        free = [(candidate, entity) for candidate, entity, reason in asked if reason is None]
        gains = [candidate.gain for candidate, _ in free]
        count = number(need, gains)
        if count is None:
            unable = [f"{each.target}: {', '.join(each.reasons)}" for each in candidates if each.reasons]
            return too_little(str(shared), need, gains, [*unable, *(reason for _, _, reason in asked if reason)])
        if count > self._most:
            return too_many(str(shared), need, count, self._most)
        return [free[place][1] for place in fewest(need, gains)]


def too_little(shared: str, need: int, gains: Sequence[int], reasons: Sequence[str]) -> str:
    """Why nothing is done where all that may be acted on is not enough.

    Args:
        shared: what is short.
        need: bytes that are missing.
        gains: bytes of each object that may be acted on.
        reasons: of each other one.
    """
    machines = f"{len(gains)} of its {len(gains) + len(reasons)} machines may be moved"
    said = f"{shared} lacks {amount(need)}; {machines}, which would free {amount(sum(gains))}: nothing is moved"
    if not reasons:
        return said
    more = f"; and {len(reasons) - NAMED} more" if len(reasons) > NAMED else ""
    return f"{said}. Not moved: {'; '.join(reasons[:NAMED])}{more}"


def too_many(shared: str, need: int, count: int, most: int) -> str:
    """Why nothing is done where too many would have to be acted on; arguments as for ``too_little``."""
    moves = f"{count} machines would have to be moved, one event moves {most} at most (max_chosen)"
    return f"{shared} lacks {amount(need)}: {moves}: nothing is moved"


def amount(size: int) -> str:
    """Bytes as people read them: ``1.5 GiB``, ``3 MiB``; rounded up."""
    for unit, each in (("GiB", GIB), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= each:
            return f"{-(-size * 10 // each) / 10:g} {unit}"
    return f"{size} B"
