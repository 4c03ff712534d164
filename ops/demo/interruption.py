"""How a demo is interrupted: once, and never while it ends what it has started."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Inside, the first of ``SIGNALS`` raises ``KeyboardInterrupt``, and the next ones do nothing.

    Gives a function after which the first one does nothing either. For the main thread.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        ignore()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield ignore
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore() -> None:
    """Let none of ``SIGNALS`` do anything."""
    for number in SIGNALS:
        # Not SIG_IGN: processes that are being started would inherit it, and could not be ended.
        signal.signal(number, lambda _number, _frame: None)
