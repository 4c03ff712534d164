"""Paths into parsed JSON: ``Vm.Name``, ``Arguments[Key=Tag].Value``, ``Arguments[0].Value``, ``"a.b".c``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from streams.filters.effort import Effort

LONGEST: Final = 1024
DEEPEST: Final = 32

_QUOTED = r'"(?:[^"\\]|\\["\\])*"'
_KEY = re.compile(rf'{_QUOTED}|[^."\[\]]+')
_SELECTOR = re.compile(rf'\[(?:(?P<index>[0-9]{{1,6}})|(?P<key>{_QUOTED}|[^"\[\]=]+)=(?P<value>{_QUOTED}|[^"\[\]]+))\]')


@dataclass(frozen=True, slots=True)
class Key:
    """A member of an object; of an array, that member of each of its objects."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """One element of an array, from 0."""

    position: int


@dataclass(frozen=True, slots=True)
class Where:
    """The objects of an array in which a member has this text (numbers and booleans as JSON writes them)."""

    name: str
    text: str


Step: TypeAlias = Key | Index | Where


@dataclass(frozen=True, slots=True)
class Path:
    """A way into a document.

    Attributes:
        steps: one after the other, at least one.
        text: as the operator wrote it.
    """

    steps: tuple[Step, ...]
    text: str = field(compare=False)

    @classmethod
    def of(cls, text: str) -> Path:
        r"""The path that ``text`` spells: keys joined by dots, each followed by any number of ``[0]``, ``[key=text]``.

        A key or text that holds one of ``. [ ] " =`` stands in double quotes, where ``\"`` and ``\\`` are escapes.

        Raises:
            ValueError: it spells none; the message reads on from the place.
        """
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        steps: list[Step] = []
        at, key_expected = 0, True
        while at < len(text):
            if found := _SELECTOR.match(text, at):
                if key_expected and steps:
                    break
                steps.append(_selector(found))
                key_expected = False
            elif key_expected and (found := _KEY.match(text, at)):
                steps.append(Key(_plain(found[0])))
                key_expected = False
            elif not key_expected and text[at] == "." and at + 1 < len(text):
                key_expected = True
                at += 1
                continue
            else:
                break
            at = found.end()
        if at < len(text) or not steps:
            raise ValueError(f"is not a path at character {at + 1}" if text else "is empty")
        if len(steps) > DEEPEST:
            raise ValueError(f"has more than {DEEPEST} steps")
        return cls(tuple(steps), text)

    def reach(self, document: Any, effort: Effort) -> list[Any]:
        """Every value it leads to, objects as they are, arrays as their elements (also nested, so none is empty).

        Raises:
            Exhausted: the arrays on the way have more elements than ``effort`` allows.
        """
        begin, node = 0, document
        for step in self.steps:  # objects in objects, as most paths lead through
            if type(step) is not Key or type(node) is not dict:
                break
            if step.name not in node:
                return []
            node = node[step.name]
            begin += 1
        nodes = [node]
        for step in self.steps[begin:]:
            if not nodes:
                return nodes
            effort.spend(2 * len(nodes))
            if isinstance(step, Key):
                name = step.name
                nodes = [node[name] for node in flat(nodes, effort) if type(node) is dict and name in node]
            elif isinstance(step, Index):
                at = step.position
                nodes = [node[at] for node in nodes if type(node) is list and at < len(node)]
            else:
                inside = flat([node for node in nodes if type(node) is list], effort)
                nodes = [node for node in inside if type(node) is dict and _written(node.get(step.name)) == step.text]
        return flat(nodes, effort)

    def __str__(self) -> str:
        return self.text


def flat(nodes: list[Any], effort: Effort) -> list[Any]:
    """``nodes`` with every array replaced by its elements, in order, however deep they nest.

    Raises:
        Exhausted: there are more than ``effort`` allows.
    """
    if not any(type(node) is list for node in nodes):
        return nodes
    found: list[Any] = []
    stack = nodes[::-1]
    while stack:
        node = stack.pop()
        if type(node) is list:
            effort.spend(3 * len(node) + 1)
            stack.extend(reversed(node))
        else:
            found.append(node)
    return found


def _selector(found: re.Match[str]) -> Index | Where:
    if found["index"] is not None:
        return Index(int(found["index"]))
    return Where(_plain(found["key"]), _plain(found["value"]))


def _plain(spelled: str) -> str:
    return re.sub(r"\\(.)", r"\1", spelled[1:-1]) if spelled.startswith('"') else spelled


def _written(value: Any) -> str | None:
    """A scalar as JSON writes it, a text without its quotes."""
    if type(value) is str:
        return value
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value).lower()
    return str(value) if isinstance(value, int | float) else None
