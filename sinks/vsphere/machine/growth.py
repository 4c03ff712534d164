"""The arithmetic of growing a machine."""

from __future__ import annotations


def grown(current: int, *, add: int, most: int, step: int = 1) -> int:
    """The size that ``current`` grows to; never less than it.

    Args:
        current: the size now.
        add: by how much it should grow, 0 or more; rounded up to whole steps.
        most: the size that is not exceeded; one that is larger already stays as it is.
        step: it grows by multiples of this, 1 or more.
    """
    steps_wanted = -(-add // step)
    steps_left = max(0, most - current) // step
    return current + min(steps_wanted, steps_left) * step
