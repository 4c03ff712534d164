"""A configuration file as data with lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.config.document import Document, parse
from schemas.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 16 * 2**20  # bytes; about a hundred thousand routes


def read(path: Path) -> Document:
    """The file at ``path`` as data with lines; whatever is wrong with it so far is in ``problems``."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return _unreadable("does not exist", "name the file with --config, or start from `reflexarc config example`")
    except OSError as error:
        return _unreadable(f"cannot be read: {(error.strerror or 'unknown').lower()}", "let this user read it")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unreadable("is not UTF-8 text", "store it as UTF-8", line)
    if len(content) > LARGEST:
        return _unreadable(f"is larger than {LARGEST} bytes", "name the configuration file")
    document = parse(text)
    if not document.problems and not isinstance(document.data, dict):
        what = "is empty" if document.data is None else "is not a mapping of keys to values"
        document.problems.append(Problem("", what, "start from `reflexarc config example`"))
    return document


def _unreadable(what: str, cure: str, line: int | None = None) -> Document:
    return Document(problems=[Problem("", what, cure, line)])
