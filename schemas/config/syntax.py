"""What is wrong with text that is not YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.errors import Problem

if TYPE_CHECKING:
    import yaml

# What libyaml and PyYAML say, and what it mostly means. Their own texts may quote a password that starts with
# one of YAML's signs, so none of them is passed on.
_FAULTS: Final = (
    ("undefined alias", "uses an alias that is not defined above", 'a text that starts with "*" needs quotes'),
    ("duplicate anchor", "defines an anchor twice", "rename one of the two"),
    ("cannot start any token", "has a character that cannot start a value", "put the value in quotes"),
    ("mapping values are not allowed", "has a second ':' where a value was expected", "quote text that holds ': '"),
    ("could not find expected ':'", "has a key without ':'", "write key: value"),
    ("but found another document", "holds more than one document", "remove the line ---"),
    ("did not find expected ',' or ']'", "has a list that is not closed", "close it with ]"),
    ("did not find expected ',' or '}'", "has a mapping that is not closed", "close it with }"),
    ("unexpected end of stream", "ends inside a quoted text", "close the quotes"),
    ("did not find expected key", "has a line that does not fit the ones around it", "align it with its neighbours"),
    ("did not find expected '-'", "has a line that does not fit the ones around it", "align it with its neighbours"),
    ("sequence entries are not allowed", "has a list beside its key", "put every - on a line of its own"),
    ("control characters", "holds control characters", "store the file as plain UTF-8 text"),
)


def fault_of(error: yaml.YAMLError, text: str) -> Problem:
    """The fault that stopped the parser of ``text``, in the operator's words."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    if mark and _character(text, mark.line, mark.column) == "\t":
        return Problem("", "is indented with a tab", "indent with spaces", line)
    said = str(error)
    what, cure = next(
        ((what, cure) for sign, what, cure in _FAULTS if sign in said),
        ("is not valid YAML", "look at this line and the one above it"),
    )
    return Problem("", what, cure, line)


def _character(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line][column : column + 1] if line < len(lines) else ""
