from __future__ import annotations

from typing import Any

import pytest

from schemas.config import PatternConfig
from streams.filters.compilation import Compilation, Found
from streams.filters.pattern import compile_pattern

AT = ("match", "pattern")
OPERATORS = "anything-but, prefix, suffix, wildcard, equals-ignore-case, numeric, exists, cidr"
CHOICES = "write one object for each choice"
ARN = "arn:aws:events:eu-central-1:123456789012:rule/power"


def nested(depth: int) -> dict[str, Any]:
    pattern: dict[str, Any] = {"a": [1]}
    for _ in range(depth):
        pattern = {"a": pattern}
    return pattern


WRONG: list[tuple[dict[str, Any], tuple[str | int, ...], str, str]] = [
    ({}, (), "is an empty object", "write the fields that must match, or leave it out"),
    ({"detail": {}}, ("detail",), "is an empty object", "write the fields that must match, or leave it out"),
    ({"source": "a"}, ("source",), "is neither a list nor an object", "put the value into a list: [value]"),
    ({"source": None}, ("source",), "is neither a list nor an object", "put the value into a list: [value]"),
    ({"source": []}, ("source",), "is an empty list", "write a value or an operator such as {prefix: web-}"),
    ({"detail": {True: ["a"]}}, ("detail", "True"), "is not a text", "put the name in quotes"),
    (
        {"source": [{"regex": "a"}]},
        ("source", 0, "regex"),
        "is no operator of EventBridge patterns",
        f"use one of {OPERATORS}",
    ),
    (
        {"source": [{"anything-but": ["a", 1]}]},
        ("source", 0, "anything-but"),
        "is neither texts only nor numbers only",
        "EventBridge takes no other list; write two patterns",
    ),
    (
        {"source": [{"anything-but": {"regex": "a"}}]},
        ("source", 0, "anything-but"),
        "is no operator that can be excluded",
        "write one of prefix, suffix, equals-ignore-case, wildcard",
    ),
    (
        {"source": [["a"]]},
        ("source", 0),
        "is a list, not a text, number, boolean or null",
        "put it in quotes if it is a text",
    ),
    ({"$or": {"source": ["a"]}}, ("$or",), "is not a list of two or more objects", CHOICES),
    ({"$or": [{"source": ["a"]}]}, ("$or",), "is not a list of two or more objects", CHOICES),
    ({"detail": {"$or": [{"a": [1]}, "b"]}}, ("detail", "$or"), "is not a list of two or more objects", CHOICES),
    (
        {"$or": [{"source": ["a"]}, {"prefix": ["b"]}]},
        ("$or", 1, "prefix"),
        "is an operator, and no field inside $or",
        "write it into a list",
    ),
    (
        {"$or": [{"source": ["a"]}, {}]},
        ("$or", 1),
        "is an empty object",
        "write the fields that must match, or leave it out",
    ),
    (
        {f"f{n}": {"$or": [{"a": [1]}, {"b": [1]}]} for n in range(10)},
        ("f9", "$or"),
        "makes more than 1000 combinations",
        "use fewer $or, or several routes",
    ),
    (nested(40), ("a",) * 31, "is nested deeper than 32", "write it flatter"),
    ({"account": ["123456789012"]}, ("account",), "is known of a rule only", "use rule_arn, or leave it out"),
    ({"region": ["eu-central-1"]}, ("region",), "is known of a rule only", "use rule_arn, or leave it out"),
]


@pytest.mark.parametrize(("given", "below", "what", "cure"), WRONG, ids=lambda value: str(value)[:40])
def test_a_fault_names_the_place_what_is_wrong_and_the_cure(
    given: dict[str, Any], below: tuple[str | int, ...], what: str, cure: str
) -> None:
    compilation = Compilation()
    assert None is compile_pattern(given, AT, compilation)
    assert [Found((*AT, *below), what, cure)] == compilation.found


def test_what_is_no_arn_of_a_rule_is_a_fault() -> None:
    compilation = Compilation()
    assert None is compile_pattern(PatternConfig(rule_arn="power"), AT, compilation)
    cure = "write arn:aws:events:eu-central-1:123456789012:rule/bus/name"
    assert [Found((*AT, "rule_arn"), "is not the ARN of an EventBridge rule", cure)] == compilation.found


def test_a_fault_in_a_fetched_pattern_is_told_below_its_arn() -> None:
    compilation = Compilation(rules={ARN: {"source": [{"fuzzy": "a"}]}})
    assert None is compile_pattern(PatternConfig(rule_arn=ARN), AT, compilation)
    assert [(*AT, "rule_arn", "source", 0, "fuzzy")] == [found.at for found in compilation.found]
