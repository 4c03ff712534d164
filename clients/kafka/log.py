"""What librdkafka has to say, in ``logging`` and not on standard error."""

from __future__ import annotations

import logging
import re
import time
from typing import Final

LOGGER: Final = logging.getLogger("clients.kafka.librdkafka")

_VARYING = re.compile(r" \(after \d+ms in state \w+(?:, \d+ identical error\(s\) suppressed)?\)")
_INTERVAL = 30.0
_REMEMBERED = 256


class Repeats(logging.Filter):
    """Lets one line of a kind through per interval: librdkafka repeats itself dozens of times a second.

    Args:
        interval: seconds during which the same line is dropped.
    """

    def __init__(self, interval: float = _INTERVAL) -> None:
        super().__init__()
        self._interval = interval
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is new, or has not been seen for a while."""
        line = concise(record.getMessage())
        if "and will be ignored by this" in line:  # kafka.options are given to producers and consumers alike
            return False
        if line.endswith("retrying") and record.levelno < logging.ERROR and not LOGGER.isEnabledFor(logging.INFO):
            return False  # it helps itself; a service tells of it all the same, a command has other things to say
        now = time.monotonic()
        if now - self._said.get(line, -self._interval) < self._interval:
            return False
        if len(self._said) >= _REMEMBERED:
            self._said.clear()
        self._said[line] = now
        return True


def concise(text: str) -> str:
    """``text`` of librdkafka without the timings that make each repetition look new."""
    return _VARYING.sub("", text)


if not LOGGER.filters:
    LOGGER.addFilter(Repeats())
