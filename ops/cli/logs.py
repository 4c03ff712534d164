"""Logging of the services: one line per record on stderr, as text or JSON, without secrets."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.config import Redactor
from schemas.epoch import written

if TYPE_CHECKING:
    from ops.cli.context import LogFormat

# What every record has; anything else was passed as ``extra`` and is worth printing.
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def install(log_format: LogFormat, *, level: int) -> None:
    """Send the records of every logger to stderr, from ``level`` up, replacing earlier handlers of the root."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    handler.addFilter(Redactor())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)


def quiet(*, service: bool) -> None:
    """Leave out what libraries say beside our own words.

    Faust announces every part it starts. librdkafka's lines help whoever reads a service's log; a command says itself
    who did not answer.
    """
    for name in ("faust", "mode"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if not service:
        logging.getLogger("clients.kafka.librdkafka").setLevel(logging.CRITICAL)


class TextLines(logging.Formatter):
    """``2026-01-31T06:00:00.000Z INFO streams.routing.router: message``; line breaks become `` | ``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for one record."""
        parts = [f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}", *_traces(self, record)]
        return " | ".join(line.strip() for part in parts for line in part.splitlines())


class JsonLines(logging.Formatter):
    """One JSON object per record: time, level, logger, message, exception, and every ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for one record."""
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if traces := _traces(self, record):
            line["exception"] = "\n".join(traces)
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        return Redactor().redact(orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def _time(record: logging.LogRecord) -> str:
    return written(datetime.fromtimestamp(record.created, tz=UTC), "milliseconds")


def _traces(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    exception = record.exc_text or (formatter.formatException(record.exc_info) if record.exc_info else "")
    return [trace for trace in (exception, record.stack_info or "") if trace]
