"""How a service of ours is asked to stop: SIGTERM, SIGINT, or the end of the supervisor that started it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

PARENT_CHECK = 1.0


def stop_event(parent: int | None = None) -> asyncio.Event:
    """An event of the running loop, set by SIGTERM or SIGINT, or when process ``parent`` is no longer our parent.

    A second signal ends the process at once.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ask() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    if parent is not None:
        watch = loop.create_task(_until_orphaned(parent, stop))
        watch.add_done_callback(lambda _: None)  # The loop keeps only weak references to tasks.
    return stop


def hangup_event() -> asyncio.Event:
    """An event of the running loop, set by each SIGHUP: somebody has changed the configuration."""
    hangup = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup.set)
    return hangup


def stop_of_threads() -> threading.Event:
    """The same for a process without a loop; call it in the main thread."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


async def _until_orphaned(parent: int, stop: asyncio.Event) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel offers nothing to wait for
        await asyncio.sleep(PARENT_CHECK)
    stop.set()
