"""One pass over one document: every part as its model, problems gathered instead of stopping at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from schemas.config.document import dotted
from schemas.config.model import Model
from schemas.config.problems import problems_of
from schemas.errors import Problem

if TYPE_CHECKING:
    from schemas.config.document import Document
    from schemas.config.document import Path as At
    from schemas.config.scope import Scope

M = TypeVar("M", bound=Model)


class Reading:
    """Turns parts of a document into models.

    Args:
        document: the file as data.
        scope: what values are checked against.
        file: its name in problems; None for the file that the problems are reported for.

    Attributes:
        data: the file as data.
        problems: what was wrong so far.
    """

    def __init__(self, document: Document, scope: Scope, *, file: str | None = None) -> None:
        self._document = document
        self._scope = scope
        self._file = file
        self.data: dict[str, Any] = document.data
        self.problems: list[Problem] = []

    def section(self, name: str) -> dict[str, Any]:
        """A mapping of names to parts; empty when it is not there, or is none."""
        given = self.data.get(name)
        if given is None or isinstance(given, dict):
            return given or {}
        self.fault((name,), "is not a mapping of keys to values", "write `<name>: {…}` below it")
        return {}

    def items(self, name: str) -> list[Any]:
        """A list of parts; empty when it is not there, or is none."""
        given = self.data.get(name)
        if given is None or isinstance(given, list):
            return given or []
        self.fault((name,), "is not a list", "write one `- name: …` per route")
        return []

    def model(self, model: type[M], at: At, given: Any) -> M | None:
        """The part at ``at``, or None after its problems were noted."""
        try:
            return model.model_validate(given, context=self._scope)
        except ValidationError as error:
            self.problems += problems_of(error, model, at, self._document, file=self._file)
            return None

    def named(self, model: type[M], at: tuple[str, str], given: Any) -> M | None:
        """The same for a part whose name is the key above it."""
        if not isinstance(given, dict):
            return self.model(model, at, given)
        if "name" in given:
            self.fault((*at, "name"), "is not a known key", f"the name is the key above: {at[1]}")
        return self.model(model, at, {**given, "name": at[1]})

    def fault(self, at: At, what: str, cure: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(dotted(at), what, cure, self._document.line(at), self._file))
