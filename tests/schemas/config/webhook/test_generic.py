from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.config.webhook.generic import EventConfig


def test_paths_and_constants_are_taken_as_they_are() -> None:
    given = {"each": "$.jobs[*]", "id": "@.run", "type": "com.example.backup.v0", "subject": "$['site']", "key": "all"}

    assert given == EventConfig(**given).model_dump(exclude_none=True)


@pytest.mark.parametrize(
    "path",
    [
        "$",
        "$.a.b",
        "$['a b'][0]",
        "$.a[*].b[-1]",
        "$.a[1:3]",
        "$.fields[?@.name == 'hostname'].content",
        "$.a[?@.b && @.c > 1.5].d",
    ],
)
def test_a_path_that_costs_no_more_than_a_pass_is_taken(path: str) -> None:
    assert path == EventConfig(subject=path).subject


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("$..name", "uses .., a comma"),
        ("$.a[?@..b]", "uses .., a comma"),
        ("$['a','b']", "uses .., a comma"),
        ("$.a[?match(@.b, 'x+')]", "uses .., a comma"),
        ("$.a[?count(@.*) > 1]", "uses .., a comma"),
        ("$.a[?@.b == $.c]", "uses .., a comma"),
        ("$.a[?@.b][?@.c]", "uses .., a comma"),
        ("$.a | $.b", "is not a JSONPath"),
        ("$.a.", "is not a JSONPath"),
        ("$.a[", "is not a JSONPath"),
        ("@x y", "is not a JSONPath"),
        (f"$.{'a' * 300}", "is a JSONPath of more than 256 characters"),
        ("$" + "[?(" * 80, "is not a JSONPath"),
    ],
)
def test_any_other_path_is_refused(path: str, what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        EventConfig(subject=path)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"each": "jobs"}, "each\n.*is not a JSONPath of the payload"),
        ({"each": "@.jobs"}, "each\n.*is not a JSONPath of the payload"),
        ({"type": " "}, "type\n.*is no constant"),
        ({"subject": "a\nb"}, "subject\n.*holds a control character"),
        ({"subject": "x" * 300}, "subject\n.*is no constant"),
        ({"subject": "@.a"}, "begins with @ where there are no elements"),
        ({"topic": "x"}, "topic\n.*Extra inputs"),
    ],
)
def test_settings_that_make_no_event_are_refused(given: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        EventConfig(**given)
