"""Blanks secrets in text that leaves the process: log lines, error messages, tracebacks."""

from __future__ import annotations

import json
import logging
import re
import threading
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

MASK = "**********"

# Shorter values are left alone: they would blank ordinary words and hide nothing.
SHORTEST = 4


class _Memory:
    """Every secret value this process has read, in the spellings it may be printed in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, value: str) -> None:
        if len(value) < SHORTEST or value in self._spellings:
            return
        with self._lock:
            self._spellings |= _spellings(value)
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def blank(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text


def _spellings(value: str) -> set[str]:
    """The value as it is and as URLs, JSON, Python reprs and XML write it."""
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        escape(value),
        escape(value, {'"': "&quot;", "'": "&apos;"}),
    }


_MEMORY = _Memory()


def remember(value: str) -> None:
    """Blank ``value`` from now on, in every ``Redactor`` of this process."""
    _MEMORY.add(value)


class Redactor(logging.Filter):
    """Replaces every secret value known so far (of four characters or more) with asterisks.

    Install it on a handler: it rewrites the message, the traceback and the stack of each record in place.
    """

    def redact(self, text: str) -> str:
        """``text`` without any known secret."""
        return _MEMORY.blank(text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Blank the record; always lets it pass."""
        record.msg = self.redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True
