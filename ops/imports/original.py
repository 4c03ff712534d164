"""The file to be imported: its documents with lines, and what is wrong with it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from pydantic import ValidationError

from schemas.config import Model
from schemas.config.document import Document, dotted, parse
from schemas.config.problems import problems_of
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemas.config.document import Path as At

LARGEST: Final = 2**20  # bytes
MOST: Final = 500  # documents

_BETWEEN: Final = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_END: Final = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)

M = TypeVar("M", bound=Model)


class Original:
    """One file, YAML or JSON, with one document or several.

    Attributes:
        name: of the file, as the operator wrote it.
        documents: those that are not empty; each keeps the lines of the whole file.
    """

    def __init__(self, name: str, documents: Sequence[Document]) -> None:
        self.name = name
        self.documents = tuple(documents)
        self._problems: list[Problem] = []

    @classmethod
    def read(cls, path: Path) -> Original:
        """The file at ``path``.

        Raises:
            ConfigError: it cannot be read, is no text, holds no document, or one that is wrong in itself.
        """
        return cls.of(_text(path), str(path))

    @classmethod
    def of(cls, text: str, name: str) -> Original:
        """The documents that ``text`` holds; raises as ``read`` does."""
        documents = [parse(part) for part in _parts(text, name)]
        if problems := [problem for document in documents for problem in document.problems]:
            raise ConfigError(name, problems)
        given = [document for document in documents if document.data is not None]
        if not given:
            _refuse(name, "is empty", "name the file to be imported")
        return cls(name, given)

    @property
    def objects(self) -> tuple[Document, ...]:
        """The documents, with the items of every Kubernetes List in its place."""
        return tuple(part for document in self.documents for part in _items(document))

    @property
    def single(self) -> Document:
        """The only document.

        Raises:
            ConfigError: there are several.
        """
        if len(self.documents) > 1:
            line = self.documents[1].line(())
            _refuse(self.name, "holds more than one document", "store each in a file of its own", line)
        return self.documents[0]

    def model(self, model: type[M], document: Document, at: At = ()) -> M | None:
        """The part of a document at ``at``, validated; None after noting its faults."""
        data: Any = document.data
        for step in at:
            data = data[step]
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self._problems += problems_of(error, model, at, document)
            return None

    def fault(self, document: Document, at: At, what: str, cure: str) -> None:
        """Note a fault; both texts read on from the path, and neither quotes a secret."""
        self._problems.append(Problem(dotted(at), what, cure, document.line(at)))

    def check(self) -> None:
        """End here when a fault was noted.

        Raises:
            ConfigError: with every fault, in the order of lines.
        """
        if self._problems:
            raise ConfigError(self.name, sorted(self._problems, key=lambda problem: problem.line or 0))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        _refuse(str(path), f"cannot be read: {(error.strerror or 'unknown').lower()}", "name the file to be imported")
    except UnicodeDecodeError:
        _refuse(str(path), "is not UTF-8 text", "store it as UTF-8")
    if len(content) > LARGEST:
        _refuse(str(path), f"is larger than {LARGEST} bytes", "name the file to be imported")
    return text


def _parts(text: str, name: str) -> list[str]:
    """Each document, behind as many empty lines as stand before it in the file."""
    if text.lstrip()[:1] in {"[", "{"}:
        text = text.replace("\t", " ")  # JSON may be indented with tabs
    begins = [0, *(found.start() for found in _BETWEEN.finditer(text)), len(text)]
    if len(begins) > MOST:
        _refuse(name, f"holds more than {MOST} documents", "import it in parts")
    parts = []
    for begin, end in pairwise(begins):
        part = _END.sub("   ", _BETWEEN.sub("   ", text[begin:end]))
        parts.append("\n" * text.count("\n", 0, begin) + part)
    return parts


def _items(document: Document) -> list[Document]:
    data = document.data
    if not isinstance(data, dict) or data.get("kind") != "List" or not isinstance(data.get("items"), list):
        return [document]
    lines: list[dict[At, int]] = [{} for _ in data["items"]]
    for path, line in document.lines.items():
        if path[:1] == ("items",) and len(path) > 1:
            lines[int(path[1])][path[2:]] = line
    return [Document(item, of_item) for item, of_item in zip(data["items"], lines, strict=True)]


def _refuse(name: str, what: str, cure: str, line: int | None = None) -> NoReturn:
    raise ConfigError(name, [Problem("", what, cure, line)])
