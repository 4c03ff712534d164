from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import MatchConfig
from streams.filters import Compilation, Condition, Finding, Needs, View, compile_match
from streams.filters.attribute import OneOf
from streams.filters.condition import AllOf
from streams.filters.texts import Texts
from tests.support.eventpattern import LEAVES, SCALARS
from tests.support.eventpattern import matches as plainly_matches

if TYPE_CHECKING:
    from pathlib import Path

ATTRIBUTES = {
    "specversion": "1.0",
    "id": "vc1/1/28",
    "source": "https://vc1/sdk",
    "type": "com.vmware.vsphere.VmPoweredOnEvent.v0",
    "subject": "VmPoweredOnEvent",
    "time": "2026-11-20T09:36:17Z",
    "eventclass": "event",
}
DATA = {"Vm": {"Name": "Linux-01"}, "Host": None, "Key": 28, "Template": False}
ARN = "arn:aws:events:eu-central-1:123456789012:rule/bus/power"


def view(data: Any = DATA, **attributes: str) -> View:
    headers = {f"ce_{name}": value.encode() for name, value in (ATTRIBUTES | attributes).items()}
    return View({**headers, "content-type": b"application/json"}, orjson.dumps(data))


def condition(pattern: Any, rules: dict[str, Any] | None = None) -> Condition:
    compilation = Compilation(rules=rules)
    compiled = compile_match(MatchConfig.model_validate({"pattern": pattern}), compilation)
    assert [] == compilation.found
    return compiled[0] if len(compiled) == 1 else AllOf(compiled)


def matches(pattern: Any, data: Any = DATA, **attributes: str) -> bool:
    return condition(pattern).holds(view(data, **attributes))


def about(data: Any) -> dict[str, Any]:
    return {"detail": {"data": data}}


@pytest.mark.parametrize(
    ("expected", "detail"),
    [
        (True, {"subject": ["VmPoweredOnEvent", "VmPoweredOffEvent"]}),
        (True, {"subject": [{"shellstyle": "Vm*"}]}),
        (True, {"data": {"Vm": {"Name": [{"shellstyle": "Linux*"}]}}}),
        (True, {"eventclass": [{"anything-but": ["extendedevent", "eventex"]}]}),
        (False, {"data": {"Vm": {"Name": [{"shellstyle": "Windows*"}]}}}),
        (False, {"data": {"Host": [{"exists": False}]}}),
    ],
    ids=str,
)
def test_patterns_for_the_vmware_event_router_work_unchanged(expected: bool, detail: dict[str, Any]) -> None:  # noqa: FBT001
    assert expected == matches({"detail": detail})


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["https://vc1/sdk"]},
        {"source": [{"prefix": ""}]},
        {"detail-type": ["VmPoweredOnEvent"]},
        {"id": ["vc1/1/28"], "time": [{"prefix": "2026-11-20"}], "version": ["0"]},
        {"resources": [{"exists": False}], "replay-name": [{"exists": False}]},
        {"detail": {"specversion": ["1.0"], "data": {"Key": [{"numeric": [">", 0]}], "Template": [False]}}},
        {"source": [{"prefix": "https://"}], "detail": {"data": {"Key": [28]}}},
        {"detail": {"type": ["com.vmware.vsphere.VmPoweredOnEvent.v0"]}},
        {"detail": {"type": ["com.vmware.event.router/event"]}},
        {"detail": {"type": [{"prefix": "com.vmware.event.router/"}]}},
        {"detail": {"data": {"Host": [None]}}},
    ],
    ids=str,
)
def test_the_event_looks_as_in_eventbridge(pattern: dict[str, Any]) -> None:
    assert matches(pattern)


def test_the_type_has_one_spelling_at_a_time() -> None:
    assert not matches({"detail": {"type": [{"anything-but": ["com.vmware.event.router/event"]}]}})
    assert matches({"detail": {"type": [{"anything-but": ["com.vmware.vsphere.Other.v0"]}]}})


def test_the_type_of_other_events_stays_as_it_is() -> None:
    pattern = {"detail": {"type": ["com.vmware.event.router/event", "com.example.alert"]}}
    assert matches(pattern, type="com.example.alert")


LISTS = {
    "list": [{"x": 1, "y": 1}, {"x": 2, "y": 2, "z": [{"k": "a"}, {"k": "b", "l": 1}]}, "stray", [{"x": 3, "y": 4}]]
}


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        (True, {"list": {"x": [1], "y": [1]}}),
        (False, {"list": {"x": [1], "y": [2]}}),
        (True, {"list": {"x": [3], "y": [4]}}),
        (True, {"list": ["stray"]}),
        (True, {"list": {"x": [2], "z": {"k": ["b"], "l": [1]}}}),
        (False, {"list": {"x": [2], "z": {"k": ["a"], "l": [1]}}}),
        (True, {"list": {"x": [1], "z": {"k": [{"exists": False}]}}}),
        (False, {"list": {"x": [2], "z": {"k": [{"exists": False}]}}}),
        (False, {"list": {"y": [{"exists": False}]}}),
        (True, {"list": {"w": [{"exists": False}]}}),
        (False, {"list": {"z": {"l": [9, {"exists": False}]}}}),
        (True, {"list": {"z": {"l": [1, {"exists": False}]}}}),
        (True, {"list": {"x": [1], "$or": [{"y": [2]}, {"z": [{"exists": False}]}]}}),
        (False, {"list": {"x": [1], "$or": [{"y": [2]}, {"z": {"k": ["a"]}}]}}),
    ],
    ids=str,
)
def test_what_is_asked_below_an_array_comes_from_one_element(expected: bool, data: dict[str, Any]) -> None:  # noqa: FBT001
    assert expected == matches(about(data), LISTS)


def test_an_array_matches_when_it_shares_a_value_with_the_pattern() -> None:
    assert matches(about({"k": ["y", "z"]}), {"k": ["x", "y"]})
    assert not matches(about({"k": ["z"]}), {"k": ["x", "y"]})
    assert matches(about({"list": {"k": ["y"]}}), {"list": {"k": ["y"]}})


@pytest.mark.parametrize(
    ("expected", "data"),
    [(True, {"a": {"b": 1}}), (True, {}), (True, {"a": []}), (False, {"a": None}), (False, {"a": 1})],
)
def test_exists_asks_for_a_leaf(expected: bool, data: dict[str, Any]) -> None:  # noqa: FBT001
    assert expected == matches(about({"a": [{"exists": False}]}), data)
    assert expected != matches(about({"a": [{"exists": True}]}), data)


def test_or_is_combined_with_what_stands_beside_it() -> None:
    pattern = {"source": ["https://vc1/sdk"], "$or": [{"detail-type": ["A"]}, {"detail": {"subject": ["B"]}}]}
    assert [True, True, False] == [matches(pattern, subject=subject) for subject in "ABC"]
    assert not matches(pattern, subject="A", source="https://vc2/sdk")


def test_of_a_field_inside_or_and_beside_it_the_last_one_counts() -> None:
    assert matches({"detail-type": ["A"], "$or": [{"detail-type": ["B"]}, {"id": ["x"]}]}, subject="B")
    assert not matches({"$or": [{"detail-type": ["B"]}, {"id": ["x"]}], "detail-type": ["A"]}, subject="B")


def test_an_alternative_is_not_hidden_by_one_that_shares_a_value() -> None:
    assert matches(about({"$or": [{"c": [1]}, {"c": [1, {"exists": False}]}]}), {"b": 1})


def test_exact_attributes_can_be_hashed_and_need_no_data() -> None:
    alone = condition({"detail": {"subject": ["B", "A"]}})
    assert alone == OneOf("subject", Texts(frozenset("AB")))
    assert Needs.ATTRIBUTES == condition({"source": [{"prefix": "https"}]}).needs
    both = condition({"detail-type": ["A"], "detail": {"data": {"Key": [1]}}})
    assert Needs.ATTRIBUTES | Needs.DATA == both.needs
    assert Finding("subject", "is A", '"VmPoweredOnEvent"') == both.finding(view())


def test_equal_patterns_are_one_condition() -> None:
    assert {condition(about({"a": ["x", "y"]}))} == {condition(about({"a": ["y", "x"]}))}


@pytest.mark.parametrize(
    ("pattern", "finding"),
    [
        (
            about({"Vm": {"Name": [{"prefix": "web-"}]}}),
            Finding("pattern.detail.data.Vm.Name", "starts with 'web-'", '"Linux-01"'),
        ),
        (about({"Key": [28], "Nope": [1]}), Finding("pattern.detail.data.Nope", "is 1", "nothing")),
        (
            {"$or": [about({"Key": [1]}), about({"Host": ["x"]})]},
            Finding(
                "pattern",
                "pattern.detail.data.Key is 1 or pattern.detail.data.Host is 'x'",
                "pattern.detail.data.Key 28; pattern.detail.data.Host null",
            ),
        ),
    ],
    ids=str,
)
def test_it_says_what_it_wants_and_what_it_saw(pattern: dict[str, Any], finding: Finding) -> None:
    assert finding == condition(pattern).finding(view())


def test_it_says_when_the_values_lie_in_different_elements() -> None:
    finding = condition(about({"list": {"x": [1], "y": [2]}})).finding(view(LISTS))
    wanted = "detail.data.list.x is 1 and detail.data.list.y is 2 in the same elements of arrays"
    assert Finding("pattern", wanted, "no such elements, or too many to look at") == finding


def test_a_pattern_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pattern.json"
    file.write_text('{"detail": {"subject": ["VmPoweredOnEvent"]}}')
    assert matches({"file": str(file)})


def test_a_rule_brings_its_account_and_region() -> None:
    pattern = {"account": ["123456789012"], "region": ["eu-central-1"], "detail-type": ["VmPoweredOnEvent"]}
    assert condition({"rule_arn": ARN}, {ARN: pattern}).holds(view())


def test_a_rule_that_was_not_fetched_holds_for_nothing_and_says_so() -> None:
    missing = condition({"rule_arn": ARN})
    assert not missing.holds(view())
    assert Finding(
        "pattern.rule_arn", f"matches the pattern of {ARN}", "the rule was not fetched yet"
    ) == missing.finding(view())


KEYS = st.sampled_from("abc")
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, DOCUMENTS, min_size=1, max_size=3)
ITEMS = st.sampled_from([[{"exists": False}], [{"exists": True}], [1], ["a"], [1, {"exists": False}]]) | LEAVES


def patterns(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    values = ITEMS | patterns(depth - 1) if depth else ITEMS
    members = st.dictionaries(KEYS, values, min_size=1, max_size=3)
    if not depth:
        return members
    choices = st.lists(patterns(depth - 1), min_size=2, max_size=2)
    return members | st.tuples(members, choices).map(lambda pair: {**pair[0], "$or": pair[1]})


@given(patterns(2), OBJECTS)
def test_a_pattern_agrees_with_its_plain_reading(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert plainly_matches(pattern, document) == matches(about(pattern), document)


SMALL = st.sampled_from([1, 2])
ELEMENTS = st.recursive(
    SMALL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=12,
)
TIGHT = st.sampled_from([[1], [2], [{"exists": False}], [1, {"exists": False}]])


@given(
    st.dictionaries(
        KEYS, TIGHT | st.dictionaries(KEYS, TIGHT | st.dictionaries(KEYS, TIGHT, min_size=1), min_size=1), min_size=1
    ),
    st.dictionaries(KEYS, st.lists(ELEMENTS, max_size=3), min_size=1),
)
def test_arrays_agree_with_their_plain_reading(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert plainly_matches(pattern, document) == matches(about(pattern), document)
