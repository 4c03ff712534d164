"""``type: stdout``: one line of JSON per event on the standard output, for whoever looks or pipes.

Nothing else of a worker goes there: logs are on the standard error. A reader that stands still holds up this sink and
nobody else; what it does not take in time waits.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from schemas.cloudevents import json
from schemas.errors import Unavailable
from sinks.base import SinkConfig
from sinks.completion import completed
from sinks.eventtype import TypeFormat, rename

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

_STDOUT: Final = 1
_LOOK: Final = 0.05  # seconds between two looks at whether to give up
# A pipe that says it has room has room for so much; more could block the thread that writes for ever.
_PIECE: Final = select.PIPE_BUF


class StdoutConfig(SinkConfig):
    """How events look there."""

    type: Literal["stdout"] = Field("stdout", description="Which connector.")
    type_format: TypeFormat = Field(
        "vsphere", description="Spelling of the type of vCenter events; event-router: as the VMware event router does."
    )


class StandardOutput:
    """The one of this process: a line at a time, in a thread of its own."""

    def __init__(self) -> None:
        self._torn = False
        self._thread = ThreadPoolExecutor(1, "stdout")

    def submit(self, line: bytes, given_up: Callable[[], bool]) -> asyncio.Future[None]:
        """Write a line, behind those that were submitted before; a torn one is ended first.

        The result raises ``Unavailable`` when nobody reads it until ``given_up``, or nobody can.
        """
        return asyncio.wrap_future(self._thread.submit(self._write, line, given_up))

    def _write(self, line: bytes, given_up: Callable[[], bool]) -> None:
        left = memoryview(b"\n" + line if self._torn else line)
        try:
            while left:
                if _has_room():
                    left = left[os.write(_STDOUT, left[:_PIECE]) :]
                    self._torn = bool(left)
                elif given_up():
                    raise Unavailable("nobody reads the standard output")
        except OSError as error:
            raise Unavailable(
                f"cannot write to the standard output: {(error.strerror or str(error)).lower()}"
            ) from None


class StdoutSink:
    """Accepts an event when its whole line has left the process."""

    Config = StdoutConfig

    def __init__(self, config: StdoutConfig, _: SinkContext) -> None:
        self._config = config

    async def open(self) -> None:
        """See that there is a standard output."""
        try:
            os.fstat(_STDOUT)
        except OSError as error:
            raise Unavailable(f"there is no standard output: {(error.strerror or str(error)).lower()}") from None

    async def send(self, event: CloudEvent) -> None:
        """Write one line."""
        line = json.dumps(rename(event, self._config.type_format)) + b"\n"
        end, stop = time.monotonic() + self._config.timeout, threading.Event()
        writing = _OUTPUT.submit(line, lambda: stop.is_set() or time.monotonic() >= end)
        await completed(writing, recall=stop.set)

    async def close(self) -> None:
        """Nothing to release: the standard output belongs to the process."""


def _has_room() -> bool:
    """Whether a write would not block, or would fail at once."""
    poll = select.poll()
    poll.register(_STDOUT, select.POLLOUT)
    return bool(poll.poll(_LOOK * 1000))


_OUTPUT: Final = StandardOutput()
