"""From a validated ``match`` to conditions: every fault at once, cheap questions first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.filters.alarm import compile_alarm
from streams.filters.attribute import compile_dialect, compile_texts
from streams.filters.condition import AllOf, AnyOf, Condition, Not
from streams.filters.data import compile_data
from streams.filters.expression import compile_cesql
from streams.filters.inventory import compile_inventory
from streams.filters.pattern import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from schemas.config import MatchConfig
    from streams.filters.compilation import At, Compilation

DEEPEST: Final = 16


class Compiler(Protocol):
    """Turns what stands below one key of ``match`` into a condition; None after adding a fault."""

    def __call__(self, given: Any, at: At, compilation: Compilation) -> Condition | None:
        """The condition that ``given`` spells at ``at``."""
        ...


COMPILERS: Final[Mapping[str, Compiler]] = {
    "subject": partial(compile_texts, "subject"),
    "type": partial(compile_texts, "type"),
    "vcenter": partial(compile_texts, "vcenter"),
    "source": partial(compile_texts, "source"),
    "exact": partial(compile_dialect, "exact"),
    "prefix": partial(compile_dialect, "prefix"),
    "suffix": partial(compile_dialect, "suffix"),
    "cesql": compile_cesql,
    "data": compile_data,
    "pattern": compile_pattern,
    "alarm": compile_alarm,
    "inventory": compile_inventory,
}
"""Kinds of conditions by their key; ``all``, ``any`` and ``not`` combine them."""


def compile_match(match: MatchConfig, compilation: Compilation, at: At = ("match",)) -> tuple[Condition, ...]:
    """The conditions that must all hold, cheapest first; complete only when ``compilation`` finds no fault.

    Cost: once per route and load of the configuration; nothing is read or fetched here.
    """
    found = _flat(_conditions(match, compilation, at, depth=0))
    return tuple(sorted(found, key=lambda condition: condition.needs))


def _conditions(match: MatchConfig, compilation: Compilation, at: At, *, depth: int) -> tuple[Condition, ...]:
    if depth > DEEPEST:
        compilation.fault(at, f"is nested deeper than {DEEPEST}", "write it flatter")
        return ()
    found = [
        condition
        for key in match.given()
        if (condition := _condition(key, match, compilation, (*at, key), depth=depth)) is not None
    ]
    return tuple(sorted(found, key=lambda condition: condition.needs))


def _flat(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Each condition for itself: what is joined by AND anyway is found by hash and shared better apart."""
    for condition in conditions:
        if isinstance(condition, AllOf):
            yield from _flat(condition.parts)
        else:
            yield condition


def _condition(key: str, match: MatchConfig, compilation: Compilation, at: At, *, depth: int) -> Condition | None:
    if key == "not":
        with compilation.negated():
            part = _single(match.not_, compilation, at, depth=depth)
        return Not(part) if part else None
    if key in {"all", "any"}:
        items = getattr(match, key)
        if not items:
            compilation.fault(at, "is empty", "write at least one filter, or leave it out")
        parts = [_single(item, compilation, (*at, place), depth=depth) for place, item in enumerate(items)]
        kept = tuple(part for part in parts if part is not None)
        return AllOf(kept) if key == "all" else AnyOf(kept)
    return COMPILERS[key](getattr(match, key), at, compilation)


def _single(match: MatchConfig | None, compilation: Compilation, at: At, *, depth: int) -> Condition | None:
    """A nested filter: one key each, as Knative has it."""
    keys = match.given() if match else ()
    if match is None or len(keys) != 1:
        what = "names no filter" if not keys else f"has several filters: {', '.join(keys)}"
        compilation.fault(at, what, "write one key here; several belong into all:, one per item")
        return None
    return next(iter(_conditions(match, compilation, at, depth=depth + 1)), None)
