"""How far the clocks of vCenters are ahead of ours."""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, Final

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from clients.vsphere.session import Session

MEASURED: Final = 60.0
"""Seconds that a measurement holds."""


class Clocks:
    """Offsets, measured when they are asked for and not oftener than once a minute; safe for several threads."""

    def __init__(self) -> None:
        self._offsets: dict[str, tuple[float, float]] = {}

    def offset(self, session: Session) -> float | None:
        """Seconds that its clock is ahead of ours, as exact as half an answer takes; None when it does not say."""
        now = monotonic()
        known = self._offsets.get(session.name)
        if known is not None and now - known[0] < MEASURED:
            return known[1]
        try:
            before = time()
            theirs = session.current_time().timestamp()
            offset = theirs - (before + time()) / 2
        except ReflexarcError:
            return None
        self._offsets[session.name] = (now, offset)
        return offset
