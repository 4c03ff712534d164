"""What is made from files that may change at any time, made anew when the last time is a while ago."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

FRESH: Final = 1.0  # seconds; reading a file for every event would cost more than sending it

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """A value that is at most ``FRESH`` seconds old.

    Args:
        read: makes it; what it raises reaches whoever asks, and the next one asks again.
        clock: seconds that only grow.
    """

    __slots__ = ("_clock", "_read", "_until", "_value")

    def __init__(self, read: Callable[[], Value], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._value: Value
        self._until = float("-inf")

    def get(self) -> Value:
        """The value."""
        now = self._clock()
        if now >= self._until:
            self._value = self._read()
            self._until = now + FRESH
        return self._value
