"""One event in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.cloudevents import json
from schemas.errors import InvalidEvent, ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.cloudevents import CloudEvent

LARGEST: Final = 16 * 2**20
"""Bytes."""

_LONGEST: Final = 200


def read_event(path: Path) -> CloudEvent:
    """The CloudEvent in a file.

    Raises:
        ReflexarcError: it cannot be read, or holds none; the message begins with the path.
    """
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        what = f"{shortened(str(path))}: cannot be read: {(error.strerror or 'unknown').lower()}"
        raise ReflexarcError(what, cure="name a file, - for standard input, or topic:partition:offset") from None
    return decoded(body, str(path))


def decoded(body: bytes, where: str) -> CloudEvent:
    """The CloudEvent that ``body`` holds in JSON.

    Raises:
        ReflexarcError: it holds none, or is larger than 16 MiB; the message begins with ``where``.
    """
    if len(body) > LARGEST:
        raise ReflexarcError(f"{where}: larger than {LARGEST} bytes", cure="give one event")
    try:
        return json.loads(body)
    except InvalidEvent as error:
        raise ReflexarcError(
            f"{where}: {error.message}", cure="give one CloudEvent in JSON (structured mode)"
        ) from None


def shortened(text: str) -> str:
    """What somebody typed, fit for one line."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
