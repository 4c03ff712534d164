from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sinks.vro.execution import Entry, Execution

AT = datetime(2016, 8, 16, 16, 16, 27, 851000, tzinfo=UTC)


def link(href: str = "https://vro.example/vco/api/workflows/w/executions/e1/", **named: Any) -> dict[str, Any]:
    return {"href": href, "attributes": [{"name": name, "value": value} for name, value in named.items()]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (link(), Entry("e1", None)),
        (link(id="e2", startDate="2016-08-16T16:16:27.851Z"), Entry("e2", AT)),
        (link(startDate="1471364187851"), Entry("e1", AT)),
        (link(startDate="yesterday"), Entry("e1", None)),
        (link(startDate="2016-08-16T16:16:27.851"), Entry("e1", None)),
        ({"href": "e1", "attribute": [{"name": "startDate", "value": 1471364187851}]}, Entry("e1", AT)),
        ({"href": "e1", "attributes": "x"}, Entry("e1", None)),
        ({"href": "https://vro.example/.."}, None),
        ({"href": None}, None),
        ("e1", None),
    ],
)
def test_a_line_of_the_list_says_which_execution_and_perhaps_when(given: Any, expected: Entry | None) -> None:
    assert expected == Entry.of(given)


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        [],
        "x",
        ["x"],
        [{"name": "rawEventData", "value": {"string": {"value": "{"}}}],
        [{"name": "rawEventData", "value": {"string": {"value": "[]"}}}],
        [{"name": "rawEventData", "value": {"string": {"value": '{"id": 1, "source": "s"}'}}}],
        [{"name": "cloudEventAttributes", "value": {"properties": {"property": [{"key": "id"}]}}}],
        [{"name": "cloudEventAttributes", "value": None}],
    ],
)
def test_an_execution_without_an_event_is_nobodys(inputs: Any) -> None:
    assert Execution("e1", "failed", None, "boom") == Execution.of(
        {"id": "e1", "state": "FAILED", "contentException": "boom", "inputParameters": inputs}
    )


@pytest.mark.parametrize("described", [None, [], {}, {"id": 7}, {"id": "../x"}, {"id": ".."}])
def test_what_has_no_usable_id_is_no_execution(described: Any) -> None:
    assert Execution.of(described) is None
