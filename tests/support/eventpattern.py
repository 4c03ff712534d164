"""The language of event patterns in its plainest form: what a leaf and a pattern mean, without regard for cost."""

from __future__ import annotations

import itertools
import math
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = st.text(alphabet="aAbB*\\ßİ1.", max_size=6)
NUMBERS = st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from([0.0, -0.0, 2**63, 1e308])
SCALARS = TEXTS | NUMBERS | st.booleans() | st.none() | st.sampled_from(["10.0.0.1", "10.0.1.1", "::1"])
BOUNDS = st.tuples(st.sampled_from([">", ">="]), st.integers(-3, 0), st.sampled_from(["<", "<="]), st.integers(1, 3))
OPERATORS = st.one_of(
    TEXTS.map(lambda text: {"prefix": text}),
    TEXTS.map(lambda text: {"suffix": text}),
    TEXTS.filter(bool).map(lambda text: {"prefix": {"equals-ignore-case": text}}),
    TEXTS.filter(bool).map(lambda text: {"suffix": {"equals-ignore-case": text}}),
    TEXTS.map(lambda text: {"equals-ignore-case": text}),
    BOUNDS.map(lambda bounds: {"numeric": list(bounds)}),
    st.tuples(st.sampled_from(["<", "<=", "=", ">=", ">"]), NUMBERS).map(lambda pair: {"numeric": list(pair)}),
    st.booleans().map(lambda given: {"exists": given}),
    st.sampled_from(["10.0.0.0/24", "10.0.0.0/8", "::/64"]).map(lambda text: {"cidr": text}),
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda texts: {"anything-but": texts}),
    st.lists(NUMBERS, min_size=1, max_size=3).map(lambda numbers: {"anything-but": numbers}),
    TEXTS.filter(bool).map(lambda text: {"anything-but": {"prefix": text}}),
    st.lists(TEXTS.filter(bool), min_size=1, max_size=2).map(lambda texts: {"anything-but": {"suffix": texts}}),
)
LEAVES = st.lists(SCALARS | OPERATORS, min_size=1, max_size=4)


def plainly(item: Any, value: Any) -> bool:
    """Whether one scalar is as one alternative of a leaf asks."""
    if not isinstance(item, dict):
        return same(item, value)
    ((operator, wanted),) = item.items()
    if operator == "exists":
        return bool(wanted)
    if operator == "anything-but":
        return not excluded(wanted, value)
    if operator == "numeric":
        return compared(wanted, value)
    return isinstance(value, str) and textual(operator, wanted, value)


def same(item: Any, value: Any) -> bool:
    if is_number(item) and is_number(value):
        return float(item) == float(value)
    return type(item) is type(value) and bool(item == value)


def excluded(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, dict):
        ((operator, texts),) = wanted.items()
        return any(plainly({operator: text}, value) for text in listed(texts))
    return any(same(each, value) for each in listed(wanted))


def compared(wanted: list[Any], value: Any) -> bool:
    signs = {"<": float.__lt__, "<=": float.__le__, "=": float.__eq__, ">=": float.__ge__, ">": float.__gt__}
    pairs = zip(wanted[::2], wanted[1::2], strict=True)
    return is_number(value) and all(signs[sign](float(value), float(bound)) for sign, bound in pairs)


def textual(operator: str, wanted: Any, text: str) -> bool:
    if operator == "cidr":
        return is_address(text) and ip_address(text) in ip_network(wanted)
    if operator == "equals-ignore-case":
        return alike(text, wanted)
    if isinstance(wanted, dict):
        wanted = wanted["equals-ignore-case"]
        size = len(wanted)
        return alike(text[:size] if operator == "prefix" else text[max(0, len(text) - size) :], wanted)
    return text.startswith(wanted) if operator == "prefix" else text.endswith(wanted)


def listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def alike(one: str, other: str) -> bool:
    return len(one) == len(other) and all(a == b or a.lower() == b.lower() for a, b in zip(one, other, strict=True))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


Names = tuple[str, ...]
Elements = dict[int, int]
"""Which element of which array a value lies in."""


def fields(
    node: Any, names: Names = (), elements: Elements | None = None, below: Elements | None = None
) -> Iterator[tuple[Names, Any, Elements]]:
    """Every scalar of a document with its path and the elements of arrays that its object lies in.

    ``elements`` are those around the last name, ``below`` those after it, too, which count for objects inside only.
    """
    elements, below = elements or {}, below or {}
    if isinstance(node, dict):
        for name, value in node.items():
            yield from fields(value, (*names, name), below, below)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from fields(value, names, elements, {**below, id(node): place})
    else:
        yield names, node, elements


def rules(pattern: Any, names: Names = ()) -> list[dict[Names, Any]]:
    """The alternatives of a pattern: every ``$or`` multiplied out."""
    found: list[dict[Names, Any]] = [{}]
    for name, value in pattern.items():
        if name == "$or":
            choices = [rule for each in value for rule in rules(each, names)]
        elif isinstance(value, dict):
            choices = rules(value, (*names, name))
        else:
            choices = [{(*names, name): value}]
        found = [{**one, **other} for one in found for other in choices]
    return found


def consistent(one: Elements | None, other: Elements) -> Elements | None:
    if one is None or any(one.get(array, place) != place for array, place in other.items()):
        return None
    return {**one, **other}


def matches(pattern: Any, event: Any) -> bool:
    """Whether some choice of one value, or of its absence, for each path is as the pattern asks, and consistent."""
    scalars = list(fields(event))
    return any(any(holds(choice, scalars) for choice in choices(rule, scalars)) for rule in rules(pattern))


Choice = tuple[Names, Elements | None]
"""A path, and where the value that was chosen for it lies; None for its absence."""


def choices(rule: dict[Names, Any], scalars: list[tuple[Names, Any, Elements]]) -> Iterator[tuple[Choice, ...]]:
    options: list[list[Choice]] = []
    for names, items in rule.items():
        good: list[Choice] = [
            (names, elements)
            for at, value, elements in scalars
            if at == names and any(plainly(item, value) for item in items if item != {"exists": False})
        ]
        options.append([*good, (names, None)] if {"exists": False} in items else good)
    return itertools.product(*options)


def holds(choice: tuple[Choice, ...], scalars: list[tuple[Names, Any, Elements]]) -> bool:
    chosen: Elements | None = {}
    for _, elements in choice:
        if elements is not None:
            chosen = consistent(chosen, elements)
    if chosen is None:
        return False
    absent = {names for names, elements in choice if elements is None}
    return not any(at in absent and consistent(chosen, elements) is not None for at, _, elements in scalars)
