"""Dead letters as commands print them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import orjson

from ops.cli.output import listing, printable
from schemas.epoch import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from rich.table import Table

    from ops.deadletters.desk import Counts
    from ops.deadletters.letter import Letter, State

COLUMNS: Final = ("letter", "state", "failed at", "id", "subject", "status", "attempts", "reason")


class Line(NamedTuple):
    """What a listing says of a letter, in the order of ``COLUMNS``."""

    letter: str
    state: State
    failed_at: datetime
    id: str
    subject: str
    status: str
    attempts: str
    error: str

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """What it says of this one."""
        return cls(
            letter=letter.place,
            state=letter.state,
            failed_at=letter.failed_at,
            id=letter.attribute("id"),
            subject=letter.attribute("subject"),
            status=letter.status,
            attempts=letter.attempts,
            error=letter.error,
        )


def data(line: Line) -> dict[str, Any]:
    """A line of a listing, for JSON."""
    return line._asdict() | {"failed_at": line.failed_at.isoformat()}


def whole(letter: Letter) -> dict[str, Any]:
    """All that a letter holds, for JSON; what is no UTF-8 is in base64, under a name that says so."""
    return {
        **data(Line.of(letter)),
        "position": letter.position,
        **_told("key", letter.key),
        "headers": [{"name": name, **_told("value", value)} for name, value in letter.headers],
        **_told("value", letter.value),
    }


def counted(counts: Counts) -> dict[str, int]:
    """The counts of a desk, for JSON."""
    return {"stored": counts.stored, **counts._asdict()}


def table(title: str, lines: Sequence[Line]) -> Table:
    """Letters as a listing."""
    return listing(title, COLUMNS, ([printable(cell) for cell in _row(line)] for line in lines))


def lines(letter: Letter) -> Iterator[str]:
    """A whole letter, line by line: its headers, an empty line, and its value, JSON indented."""
    yield f"{letter.position}  {letter.state}"
    yield f"key: {_text(letter.key)}"
    for name, value in letter.headers:
        yield printable(f"{name}: {_text(value)}")
    yield ""
    yield from map(printable, _pretty(letter.value).split("\n"))


def _row(line: Line) -> list[str]:
    when = written(line.failed_at, "seconds")
    return [line.letter, line.state, when, *(text or "-" for text in line[3:])]


def _told(name: str, value: bytes | None) -> dict[str, str | None]:
    try:
        return {name: None if value is None else value.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(value or b"").decode()}


def _text(value: bytes | None) -> str:
    ((_, told),) = _told("", value).items()
    return "(none)" if told is None else told


def _pretty(value: bytes | None) -> str:
    try:
        return orjson.dumps(orjson.loads(value or b""), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return _text(value)
