"""One decision of a throttle, to be carried out as a whole: pass on, then remember, then report as done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.throttling.mark import Mark
    from streams.throttling.seen import Seen


class Step(NamedTuple):
    """What one event, or the time, brings about.

    Attributes:
        done: offsets that are finished once the rest of the step is stored.
        passes: the event that passes, and stands for others.
        stands_for: how many events it does, itself included.
        mark: what to remember of a group, after ``passes`` is stored.
        held: events that are held back from now on.
        dropped: events that nothing stands for.
    """

    done: tuple[int, ...] = ()
    passes: Seen | None = None
    stands_for: int = 0
    mark: tuple[bytes, Mark] | None = None
    held: int = 0
    dropped: int = 0
