"""How a leaf is spelled: a scalar, an operator with its argument, or a list of these; the names are EventBridge's."""

from __future__ import annotations

import math
import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final, Literal

from streams.filters.glob import Glob
from streams.filters.leaf import Leaf
from streams.filters.regex import Regex
from streams.filters.scalar import Affix, AnythingBut, Cidr, Comparison, Exact, IgnoringCase, Numeric, Wildcard, fold
from streams.filters.token import token

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.filters.compilation import At, Compilation
    from streams.filters.scalar import Test

Language = Literal["data", "eventbridge"]
"""``eventbridge`` refuses what EventBridge refuses, and ``regex`` with it; ``data`` takes all of it, and ``regex``."""

MOST: Final = 1000
"""Alternatives of one leaf."""

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**64 - 1
"""Integers that JSON parsers and writers take; of events larger ones are read as doubles."""

_SIGNS: Final[dict[str, Comparison]] = {sign: sign for sign in ("<", "<=", "=", ">=", ">")}
_ENDS: Final[dict[str, Literal["prefix", "suffix"]]] = {"prefix": "prefix", "suffix": "suffix"}
_LOWER, _UPPER = (">", ">="), ("<", "<=")


def compile_leaf(given: Any, at: At, compilation: Compilation, language: Language = "data") -> Leaf | None:
    """The leaf that ``given`` spells at ``at``; None after a fault.

    Args:
        given: parsed YAML or JSON.
        at: where it stands.
        compilation: takes the faults.
        language: whose rules it must keep.
    """
    items = given if isinstance(given, list | tuple) else [given]
    if not items:
        compilation.fault(at, "is an empty list", "write a value or an operator such as {prefix: web-}")
        return None
    if len(items) > MOST:
        compilation.fault(at, f"has more than {MOST} alternatives", "use prefix, wildcard or several routes")
        return None
    reading = _Reading(compilation, language)
    many = isinstance(given, list | tuple)
    for place, item in enumerate(items):
        reading.take(item, (*at, place) if many else at)
    return reading.leaf()


class _Reading:
    """One leaf while it is read."""

    def __init__(self, compilation: Compilation, language: Language) -> None:
        self._compilation = compilation
        self._language = language
        self._before = len(compilation.found)
        self._exact: list[Any] = []
        self._affixes: dict[Literal["prefix", "suffix"], list[str]] = {}
        self._tests: list[Test] = []
        self._present = self._absent = False
        self._operators: dict[str, Callable[[Any, At], None]] = {
            "anything-but": self._anything_but,
            "prefix": lambda given, at: self._affix("prefix", given, at),
            "suffix": lambda given, at: self._affix("suffix", given, at),
            "wildcard": self._wildcard,
            "equals-ignore-case": self._equals_ignore_case,
            "numeric": self._numeric,
            "exists": self._exists,
            "cidr": self._cidr,
        }
        if language == "data":
            self._operators["regex"] = self._regex
        else:  # what the VMware event router's own matcher called a wildcard
            self._operators["shellstyle"] = self._wildcard
            self._operators["exactly"] = self._exactly

    def leaf(self) -> Leaf | None:
        """What was read; None when there were faults."""
        if len(self._compilation.found) > self._before:
            return None
        tests: list[Test] = []
        if self._exact:
            tests.append(Exact(frozenset(map(token, self._exact))))
        tests += [Affix(end, tuple(sorted(set(texts)))) for end, texts in sorted(self._affixes.items())]
        tests += dict.fromkeys(self._tests)
        return Leaf(tuple(tests), present=self._present, absent=self._absent)

    def take(self, item: Any, at: At) -> None:
        """One alternative."""
        if not isinstance(item, dict):
            if self._scalar(item, at):
                self._exact.append(item)
            return
        operator = self._operator(item, at)
        if operator is not None:
            self._operators[operator](item[operator], (*at, operator))

    def _operator(self, item: dict[Any, Any], at: At) -> str | None:
        if len(item) != 1:
            named = f"has {len(item)} operators" if item else "has no operator"
            self._fault(at, named, "write one for each item; a list of items means any of them")
            return None
        name = next(iter(item))
        if name not in self._operators:
            known = ", ".join(each for each in self._operators if each not in {"shellstyle", "exactly"})
            what = "is no operator" if self._language == "data" else "is no operator of EventBridge patterns"
            self._fault((*at, str(name)), what, f"use one of {known}")
            return None
        return str(name)

    def _fault(self, at: At, what: str, cure: str) -> None:
        self._compilation.fault(at, what, cure)

    def _scalar(self, item: Any, at: At) -> bool:
        if item is None or isinstance(item, bool | str):
            return True
        if isinstance(item, int | float):
            return self._number(item, at)
        kind = "a list" if isinstance(item, list | tuple) else f"a {type(item).__name__}"
        self._fault(at, f"is {kind}, not a text, number, boolean or null", "put it in quotes if it is a text")
        return False

    def _number(self, item: Any, at: At) -> bool:
        try:
            finite = math.isfinite(float(item))
        except OverflowError:
            finite = False
        if not finite:
            self._fault(at, "is not a finite number", "write a number that fits into a double")
        elif isinstance(item, int) and not LOWEST <= item <= HIGHEST:
            self._fault(at, "is an integer beyond 64 bits", f"write it with a decimal point: {float(item)!r}")
            return False
        return finite

    def _text(self, given: Any, at: At, *, empty: bool) -> bool:
        if not isinstance(given, str):
            self._fault(at, "is not a text", "write a text, in quotes if it looks like a number or a date")
            return False
        if not given and not empty:
            self._fault(at, "is empty", "write at least one character")
            return False
        return True

    def _texts(self, given: Any, at: At) -> list[str]:
        """A text or a list of them, none empty, as inside ``anything-but``."""
        items = given if isinstance(given, list) else [given]
        if not items:
            self._fault(at, "is an empty list", "write a text or a list of texts")
        return [
            item
            for place, item in enumerate(items)
            if self._text(item, (*at, place) if isinstance(given, list) else at, empty=False)
        ]

    def _affix(self, end: Literal["prefix", "suffix"], given: Any, at: At) -> None:
        if isinstance(given, dict):
            if set(given) != {"equals-ignore-case"}:
                self._fault(at, "is neither a text nor {equals-ignore-case: text}", "write one of them")
            elif self._text(text := given["equals-ignore-case"], (*at, "equals-ignore-case"), empty=True):
                self._tests.append(IgnoringCase(end, (fold(text),)))
        elif self._text(given, at, empty=True):
            self._affixes.setdefault(end, []).append(given)

    def _equals_ignore_case(self, given: Any, at: At) -> None:
        if self._text(given, at, empty=True):
            self._tests.append(IgnoringCase("whole", (fold(given),)))

    def _exactly(self, given: Any, at: At) -> None:
        if self._text(given, at, empty=True):
            self._exact.append(given)

    def _wildcard(self, given: Any, at: At) -> None:
        if self._text(given, at, empty=True) and (test := self._glob(given, at)) is not None:
            self._tests.append(test)

    def _glob(self, text: str, at: At) -> Test | None:
        if "**" in re.sub(r"\\.", "..", text, flags=re.DOTALL):
            self._fault(at, "has two stars side by side", "write one; it stands for any text, also none")
            return None
        try:
            glob = Glob.of(text)
        except ValueError as error:
            self._fault(at, str(error), r"escape it: \* for a star, \\ for a backslash")
            return None
        return Wildcard(glob) if isinstance(glob, Glob) else Exact(frozenset({glob}))

    def _regex(self, given: Any, at: At) -> None:
        if self._text(given, at, empty=False):
            try:
                self._tests.append(Regex.of(given))
            except ValueError as error:
                self._fault(at, str(error), "write a shorter RE2 expression, without look-around and back-references")

    def _exists(self, given: Any, at: At) -> None:
        if not isinstance(given, bool):
            self._fault(at, "is neither true nor false", "write one of them")
        elif given:
            self._present = True
        else:
            self._absent = True

    def _cidr(self, given: Any, at: At) -> None:
        try:
            network = ip_network(given, strict=False) if isinstance(given, str) and "/" in given else None
        except ValueError:
            network = None
        if network is not None:
            self._tests.append(Cidr(network))
        else:
            self._fault(at, "is not a network", "write 10.0.0.0/8 or 2001:db8::/32")

    def _numeric(self, given: Any, at: At) -> None:
        cure = 'write ["=", 5], [">", 0] or [">", 0, "<=", 5]'
        if not isinstance(given, list) or len(given) not in {2, 4}:
            self._fault(at, "is not one or two comparisons", cure)
            return
        bounds: list[tuple[Comparison, float]] = []
        for place in range(0, len(given), 2):
            sign, bound = given[place], given[place + 1]
            if not isinstance(sign, str) or sign not in _SIGNS:
                self._fault((*at, place), "is no comparison", "write one of <, <=, =, >=, >")
            elif isinstance(bound, bool) or not isinstance(bound, int | float):
                self._fault((*at, place + 1), "is not a number", "write a number, without quotes")
            elif self._number(bound, (*at, place + 1)):
                bounds.append((_SIGNS[sign], float(bound)))
        if 2 * len(bounds) != len(given):
            return
        if len(bounds) == 2 and not _is_range(bounds):
            self._fault(at, "is no range", 'write the lower bound first, and below the upper: [">", 0, "<=", 5]')
            return
        self._tests.append(Numeric(tuple(bounds)))

    def _anything_but(self, given: Any, at: At) -> None:
        tests = self._excluded_by_operator(given, at) if isinstance(given, dict) else self._excluded(given, at)
        if tests:
            self._tests.append(AnythingBut(tests))

    def _excluded(self, given: Any, at: At) -> tuple[Test, ...]:
        items = given if isinstance(given, list) else [given]
        many = isinstance(given, list)
        if not items:
            self._fault(at, "is an empty list", "write what it must not be, or {exists: true}")
        good = [item for place, item in enumerate(items) if self._scalar(item, (*at, place) if many else at)]
        if len(good) < len(items) or not good:
            return ()
        if self._language == "eventbridge" and not _alike(good):
            self._fault(
                at, "is neither texts only nor numbers only", "EventBridge takes no other list; write two patterns"
            )
            return ()
        if _mixed(good):
            self._fault(
                at, "mixes texts and numbers", 'write 5 or "5" as the events have it; two conditions below all for both'
            )
            return ()
        return (Exact(frozenset(map(token, good))),)

    def _excluded_by_operator(self, given: dict[Any, Any], at: At) -> tuple[Test, ...]:
        regex = ("regex",) if self._language == "data" else ()
        allowed = (*_ENDS, "equals-ignore-case", "wildcard", *regex)
        name = next(iter(given), None)
        if len(given) != 1 or name not in allowed:
            self._fault(at, "is no operator that can be excluded", f"write one of {', '.join(allowed)}")
            return ()
        place = (*at, str(name))
        texts = self._texts(given[name], place)
        if name == "wildcard":
            return tuple(glob for text in texts if (glob := self._glob(text, place)) is not None)
        if name == "regex":
            inner = _Reading(self._compilation, self._language)
            for text in texts:
                inner.take({"regex": text}, at)
            return tuple(inner._tests)
        if name == "equals-ignore-case":
            return (IgnoringCase("whole", tuple(sorted({fold(text) for text in texts}))),)
        return (Affix(_ENDS[str(name)], tuple(sorted(set(texts)))),)


def _alike(items: list[Any]) -> bool:
    return all(isinstance(item, str) for item in items) or all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in items
    )


def _mixed(items: list[Any]) -> bool:
    """Whether there are texts beside numbers; null, true and false go with either."""
    numbers = any(isinstance(item, int | float) and not isinstance(item, bool) for item in items)
    return numbers and any(isinstance(item, str) for item in items)


def _is_range(bounds: list[tuple[Comparison, float]]) -> bool:
    (first, low), (second, high) = bounds
    return first in _LOWER and second in _UPPER and (low < high or (low == high and (first, second) == (">=", "<=")))
