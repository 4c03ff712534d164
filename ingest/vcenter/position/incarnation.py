"""When a vCenter's event numbers start anew: a restored backup, a rolled-over 32-bit counter, a simulator's restart.

Each such break begins a new incarnation, so that no id is ever given to two events.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.vcenter.position.keys import KeyRanges

INVERSION: Final = timedelta(seconds=1)
"""Keys and creation times are drawn apart, so of two events at one moment the later may have the smaller key."""

WRAP: Final = 2**31
"""Keys are 32-bit and signed: the one after the greatest is the least."""

FAR: Final = 100
"""No two events at one moment are this many keys apart; beyond it a smaller key is never a matter of order."""


def is_reborn(key: int, created: datetime, *, seen: KeyRanges, latest: datetime) -> bool:
    """Whether this event proves that the vCenter has started numbering anew.

    Args:
        key: the event's key.
        created: its creation time.
        seen: keys known in the look-back window.
        latest: latest creation time known; every known event was created by then.

    Returns:
        True when a known key comes back with a time later than everything known, when a later event has a key
        below all those in the window, by more than events at one moment can change places, or when keys wrap around.
    """
    if seen.lowest is None:
        return False
    if has_rolled_over(seen.lowest, key):
        return True
    if created <= latest:
        return False
    if key in seen:
        return True
    below = seen.lowest - key
    return below > FAR or (below > 0 and created - latest > INVERSION)


def has_rolled_over(known: int, newest: int) -> bool:
    """Whether the keys wrapped around after ``known``, rather than fell: only so can they be half the range apart."""
    return known - newest >= WRAP
