"""YAML text as plain data that remembers its lines.

Scalars follow the YAML 1.2 core rules: ``no``, ``on``, ``12:30`` and dates stay text, ``010`` is ten. Keys are
always text. ``<<: *anchor`` merges. Anything else YAML can do (tags, several documents) is a ``Problem``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import yaml

from schemas.config.syntax import fault_of
from schemas.errors import Problem

Path = tuple[str | int, ...]

_STR: Final = "tag:yaml.org,2002:str"
_NULL: Final = "tag:yaml.org,2002:null"
_BOOL: Final = "tag:yaml.org,2002:bool"
_INT: Final = "tag:yaml.org,2002:int"
_FLOAT: Final = "tag:yaml.org,2002:float"

_MERGE: Final = "<<"

DEEPEST: Final = 50
MOST_VALUES: Final = 1_000_000


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C parser where libyaml is there
    """Composes nodes; only the scalars of YAML 1.2's core schema get a type other than text."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    (_NULL, r"~|null|", ["~", "n", ""]),
    (_BOOL, r"true|false|True|False", list("tfTF")),
    (_INT, r"[-+]?[0-9]+", list("-+0123456789")),
    (_FLOAT, r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _first)


@dataclass(slots=True)
class Document:
    """The data of one file.

    Attributes:
        data: mappings, lists and scalars as they were written.
        lines: 1-based line of each path below the root, and of the root itself, ``()``.
        problems: what the YAML text itself does wrong.
    """

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """Line of ``path``, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def dotted(path: Path) -> str:
    """``("routes", 2, "to")`` as ``routes[2].to``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def parse(text: str) -> Document:
    """Read one YAML document; faults of the text are in ``problems``, and nothing is raised."""
    document = Document()
    try:
        _refuse_deep_nesting(text)
        root = yaml.compose(text, Loader=_Loader)
        if root is not None:
            document.data = _Reader(document).value(root, ())
    except _Unbounded as error:
        document.problems.append(error.problem)
    except yaml.YAMLError as error:
        document.problems.append(fault_of(error, text))
    return document


class _Unbounded(Exception):  # noqa: N818 - never leaves this module
    """The text asks for more stack or memory than any configuration needs."""

    def __init__(self, what: str, cure: str, line: int) -> None:
        super().__init__(what)
        self.problem = Problem("", what, cure, line)


def _refuse_deep_nesting(text: str) -> None:
    """Look at the depth first: libyaml composes recursively, and overflows the stack of the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _Unbounded("is nested too deeply", f"use at most {DEEPEST} levels", _line(event))


class _Reader:
    """Turns nodes into data, noting lines and faults on the way."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: set[int] = set()
        self._left = MOST_VALUES

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _Unbounded("is too large", "use fewer aliases of aliases", _line(node))
        self._document.lines.setdefault(path, _line(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            self._fault(node, path, "contains itself", "remove the alias")
            return None
        self._open.add(id(node))
        try:
            return self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._sequence(node, path)
        finally:
            self._open.discard(id(node))

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        text: str = node.value
        match node.tag:
            case "tag:yaml.org,2002:str":
                return text
            case "tag:yaml.org,2002:null":
                return None
            case "tag:yaml.org,2002:bool":
                return text.lower() == "true"
            case "tag:yaml.org,2002:int":
                return int(text) if len(text) < 100 else text
            case "tag:yaml.org,2002:float":
                return float(text)
        # The tag is not quoted: a password that starts with an exclamation mark reads as one.
        self._fault(node, path, "has a YAML tag", 'remove it; a text that starts with "!" needs quotes')
        return None

    def _sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, path, "has a key that is not text", "write key: value")
            elif key.value == _MERGE and not key.style:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            elif key.value in data:
                first = self._document.line((*path, key.value))
                where = (*path, key.value)
                self._fault(key, where, "stands here a second time", f"keep one; the first is in line {first}")
            else:
                self._document.lines[(*path, key.value)] = _line(key)
                data[key.value] = self.value(value, (*path, key.value))
        for source in merged:
            data = self._merged(source, path) | data
        return data

    def _merged(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        value = self.value(node, path)
        if isinstance(value, dict):
            return value
        self._fault(node, path, "merges something that is not a mapping", "write <<: *name of a mapping")
        return {}

    def _fault(self, node: yaml.Node, path: Path, what: str, cure: str) -> None:
        self._document.problems.append(Problem(dotted(path), what, cure, _line(node)))


def _line(node: yaml.Node | yaml.Event) -> int:
    mark: Any = node.start_mark
    return int(mark.line) + 1
