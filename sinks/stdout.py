"""``type: stdout``: one line of JSON per event on the standard output, for whoever looks or pipes.

Nothing else of a worker goes there: logs are on the standard error. A reader that stands still holds up this sink and
nobody else; what it does not take in time waits.
"""

from __future__ import annotations

import asyncio
import os
import select
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from schemas.cloudevents import json
from schemas.errors import Unavailable
from sinks.base import SinkConfig
from sinks.completion import completed
from sinks.eventtype import TypeFormatKey, rename

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

GRACE: Final = 1.0
"""Seconds in which a recalled line that has begun may still be finished."""

_STDOUT: Final = 1
_LOOK: Final = 0.05  # seconds between two looks at whether to give up
# A pipe that says it has room has room for so much; more could block the thread that writes for ever.
_PIECE: Final = select.PIPE_BUF


class StdoutConfig(SinkConfig):
    """How events look there."""

    type: Literal["stdout"] = Field("stdout", description="Which connector.")
    type_format: TypeFormatKey = "vsphere"


class Patience:
    """How long one line may take; ends early, but not at once, when the line is recalled.

    Args:
        seconds: for a line that nobody recalls.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.recalled = False

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return time.monotonic() >= self._end

    def recall(self) -> None:
        """Have a line not begin; one that has begun may still be finished, if the reader takes it soon."""
        self._end = min(self._end, time.monotonic() + GRACE)
        self.recalled = True


class StandardOutput:
    """The one of this process: a line at a time, in a thread of its own.

    A line is whole or not there. What is left of one whose reader stood still for too long goes out before the next.
    """

    def __init__(self) -> None:
        self._begun = self._rest = b""
        self._thread = ThreadPoolExecutor(1, "stdout")

    def submit(self, line: bytes, patience: Patience) -> asyncio.Future[None]:
        """Write a line, behind those that were submitted before.

        The result raises ``Unavailable`` when nobody reads it in time, nobody can, or it was recalled before it began.
        """
        return asyncio.wrap_future(self._thread.submit(self._write, line, patience))

    def _write(self, line: bytes, patience: Patience) -> None:
        if patience.recalled:
            raise Unavailable("recalled before it began")
        try:
            if self._rest:
                begun = self._begun
                self._put(self._rest, patience)
                if begun == line:
                    return
            self._begun = line
            self._put(line, patience)
        except BrokenPipeError:
            self._rest = b""  # the next reader has not seen its beginning
            raise Unavailable("cannot write to the standard output: broken pipe") from None
        except OSError as error:
            raise Unavailable(
                f"cannot write to the standard output: {(error.strerror or str(error)).lower()}"
            ) from None

    def _put(self, data: bytes, patience: Patience) -> None:
        """Write what is left of the line that has begun, or all of one that begins."""
        left = memoryview(data)
        try:
            while left:
                if _has_room():
                    left = left[os.write(_STDOUT, left[:_PIECE]) :]
                elif patience.over:
                    raise Unavailable("nobody reads the standard output")
        finally:
            if self._rest or len(left) < len(data):
                self._rest = bytes(left)


class StdoutSink:
    """Accepts an event when its whole line has left the process; a cancelled line is whole, or not there."""

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
        patience = Patience(self._config.timeout)
        await completed(_OUTPUT.submit(line, patience), recall=patience.recall)

    async def close(self) -> None:
        """Nothing to release: the standard output belongs to the process."""


def _has_room() -> bool:
    """Whether a write would not block, or would fail at once."""
    poll = select.poll()
    poll.register(_STDOUT, select.POLLOUT)
    return bool(poll.poll(_LOOK * 1000))


_OUTPUT: Final = StandardOutput()
