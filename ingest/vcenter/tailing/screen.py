"""Which events that a feed gives are new, and what there is to tell on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vcenter.tailing import notices

if TYPE_CHECKING:
    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.position.deduplicator import Deduplicator
    from ingest.vcenter.tailing.notices import Notice


class Verdict(NamedTuple):
    """What there is to say about one event.

    Attributes:
        fresh: whether it is new; the position has moved.
        notice: what is to be told with it.
    """

    fresh: bool
    notice: Notice | None = None


_KNOWN: Final = Verdict(fresh=False)
_NEW: Final = Verdict(fresh=True)


class Screen:
    """The judge of one feed's events.

    Args:
        deduplicator: what is known already.
        selective: whether only some event types are read, so that their keys have holes.
    """

    def __init__(self, deduplicator: Deduplicator, *, selective: bool) -> None:
        self._deduplicator = deduplicator
        self._selective = selective
        self._joined = True

    def rejoin(self) -> None:
        """The log is read again from its look-back: what is known comes first, unless it was purged."""
        self._joined = not self._deduplicator.anchored

    def judge(self, event: VcenterEvent) -> Verdict:
        """Take the next event of the log."""
        known = self._deduplicator.place
        joined, self._joined = self._joined, True
        if not self._deduplicator.take(event):
            return _KNOWN
        incarnation = self._deduplicator.incarnation
        if incarnation != known.incarnation:
            reborn = notices.incarnation(known, incarnation, reason="the event keys start anew")
            return Verdict(fresh=True, notice=reborn)
        if joined or known.last_key is None or event.key <= known.last_key + 1:
            return _NEW
        lost = (known.last_key + 1, event.key - 1)
        purge = notices.purge(known, lost, before=event.created_time, exact=not self._selective)
        return Verdict(fresh=True, notice=purge)
