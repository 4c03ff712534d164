"""Blanks secrets in text that leaves the process: log lines, error messages, tracebacks."""

from __future__ import annotations

import json
import logging
import re
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Hashable

MASK = "**********"

# Shorter values are left alone: they would blank ordinary words and hide nothing.
SHORTEST = 4

# Values of one owner: the one in use, and the one before it, which may still be on its way into a log.
KEPT = 2


class _Memory:
    """The last secret values of every owner, in the spellings they may be printed in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Hashable, tuple[str, ...]] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, value: str, owner: Hashable) -> None:
        if len(value) < SHORTEST or value in self._values.get(owner, ())[-1:]:
            return
        with self._lock:
            before = self._values.get(owner, ())
            now = (*(other for other in before if other != value), value)[-KEPT:]
            self._values[owner] = now
            if set(now) != set(before):
                self._compile()

    def _compile(self) -> None:
        values = {value for values in self._values.values() for value in values}
        longest_first = sorted(set().union(*map(_spellings, values)), key=len, reverse=True)
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


def remember(value: str, *, owner: Hashable) -> None:
    """Blank ``value`` from now on, in every ``Redactor`` of this process.

    Args:
        value: the secret.
        owner: what has this value now, and will have others in its place: of each owner the last ``KEPT`` are blanked.
    """
    _MEMORY.add(value, owner)


class Redactor(logging.Filter):
    """Replaces every secret value known by now (of four characters or more) with asterisks.

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
