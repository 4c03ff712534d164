"""Conditions on context attributes: our own values and globs, and Knative's exact, prefix and suffix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streams.filters.condition import AllOf, Equality, Finding, Needs
from streams.filters.names import valid_attribute
from streams.filters.texts import Texts
from streams.filters.view import MISSING
from streams.filters.words import saw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.filters.compilation import At, Compilation
    from streams.filters.condition import Condition
    from streams.filters.view import View

Dialect = Literal["exact", "prefix", "suffix"]

_WORDS = {"exact": "is", "prefix": "starts with", "suffix": "ends with"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """Asks for one attribute."""

    name: str

    def answers(self, view: View) -> tuple[str, ...]:
        """Its text, if the event has it."""
        text = view.attributes.get(self.name)
        return () if text is None else (text,)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An attribute is one of several texts or fits one of several globs; one that is absent is none of them."""

    name: str
    texts: Texts

    @property
    def needs(self) -> Needs:
        """An attribute."""
        return Needs.ATTRIBUTES

    @property
    def reads(self) -> frozenset[str]:
        """Its name."""
        return frozenset({self.name})

    @property
    def equality(self) -> Equality | None:
        """A comparison, as long as there is no glob."""
        return None if self.texts.globs else Equality(Attribute(self.name), self.texts.exact)

    def holds(self, view: View) -> bool:
        """Whether it is allowed."""
        text = view.attributes.get(self.name)
        return text is not None and self.texts.allow(text)

    def finding(self, view: View) -> Finding:
        """What is allowed, and what it is."""
        return Finding(self.name, f"is {self.texts}", saw(view.attributes.get(self.name, MISSING)))


@dataclass(frozen=True, slots=True)
class Affix:
    """Knative's ``prefix`` and ``suffix`` for one attribute; absent is false (subscriptions spec 3.2.4.1)."""

    dialect: Literal["prefix", "suffix"]
    name: str
    text: str

    @property
    def needs(self) -> Needs:
        """An attribute."""
        return Needs.ATTRIBUTES

    @property
    def reads(self) -> frozenset[str]:
        """Its name."""
        return frozenset({self.name})

    def holds(self, view: View) -> bool:
        """Whether it begins or ends so."""
        text = view.attributes.get(self.name)
        if text is None:
            return False
        return text.startswith(self.text) if self.dialect == "prefix" else text.endswith(self.text)

    def finding(self, view: View) -> Finding:
        """How it must begin or end, and what it is."""
        wanted = f"{_WORDS[self.dialect]} {self.text!r}"
        return Finding(f"{self.dialect}.{self.name}", wanted, saw(view.attributes.get(self.name, MISSING)))


def compile_texts(name: str, given: Iterable[str], at: At, compilation: Compilation) -> Condition:
    """``subject``, ``type``, ``vcenter`` or ``source``: any of the values and globs."""
    return OneOf(name, Texts.compile(given, at, compilation))


def compile_dialect(dialect: Dialect, given: Mapping[str, str], at: At, compilation: Compilation) -> Condition | None:
    """One of Knative's maps from attribute to text; all of them must hold."""
    if not given:
        compilation.fault(
            at, "names no attribute", f"write an attribute and the text it {_WORDS[dialect]}, or leave it out"
        )
    parts: list[Condition] = []
    for name, text in given.items():
        if not valid_attribute(name):
            compilation.fault(
                (*at, name), "is not the name of an attribute", "use a-z and 0-9, beginning with a letter"
            )
        elif not text:
            compilation.fault((*at, name), "is empty", "write a text; Knative refuses an empty one, too")
        elif dialect == "exact":
            parts.append(OneOf(name, Texts(frozenset({text}))))
        else:
            parts.append(Affix(dialect, name, text))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
