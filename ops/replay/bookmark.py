"""How far a replay has come, in a file: whatever ends it, it can go on from there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal

from pydantic import AwareDatetime, Field, ValidationError

from ops.replay.request import Request
from ops.replay.span import Span
from ops.replay.tally import Tally
from schemas.config.model import Model
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 4 * 2**20
"""Bytes of a file that is read."""


class Bookmark(Model):
    """All that is needed to go on; everything before ``spans`` is stored in the sinks' topics."""

    format: Literal[1] = Field(1, description="Of this file.")
    id: str = Field(min_length=1, max_length=64, pattern=r"^[a-z0-9-]+$", description="Of the replay.")
    topic: str = Field(description="Which topic the offsets belong to.")
    cluster: str = Field(description="Which cluster that topic belongs to.")
    routes: str = Field(description="Fingerprint of the routes that it was begun with.")
    began: AwareDatetime = Field(description="When it was begun.")
    request: Request = Field(description="What was asked for.")
    spans: dict[int, Span] = Field(description="What is left, by partition.")
    tally: Tally = Field(Tally(), description="What was done.")

    @property
    def left(self) -> int:
        """Offsets that are not done."""
        return sum(span.left for span in self.spans.values())


def store(bookmark: Bookmark, path: Path) -> None:
    """Write the file anew, whole or not at all, also when the machine fails; only this user can read it.

    Raises:
        ReflexarcError: it cannot be written.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(bookmark.model_dump_json(indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        what = f"{path}: cannot be written: {(error.strerror or 'unknown').lower()}"
        raise ReflexarcError(what, cure="a replay keeps there how far it is: run it in a folder of yours") from None


def recall(path: Path) -> Bookmark:
    """What ``store`` has written.

    Raises:
        ReflexarcError: there is no such file, or it holds something else.
    """
    cure = "name the replay-….json that an interrupted replay has left"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ReflexarcError(f"{path}: cannot be read: {(error.strerror or 'unknown').lower()}", cure=cure) from None
    try:
        return Bookmark.model_validate_json(content if len(content) <= LARGEST else b"")
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ReflexarcError(f"{path}: is not what a replay keeps{where and f', see {where}'}", cure=cure) from None
