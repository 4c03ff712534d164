from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import MatchConfig
from streams.filters import Compilation, Condition, Finding, Needs, View, compile_match
from streams.filters.condition import AllOf
from streams.filters.data import DataIs

POWERED_OFF = {
    "Vm": {"Name": "db-01", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}},
    "Host": None,
    "Arguments": [{"Key": "Tag", "Value": "t1"}, {"Key": "Object", "Value": "vm1"}],
    "IpAddress": "10.0.0.7",
}


def conditions(data: dict[str, Any]) -> tuple[Condition, ...]:
    compilation = Compilation()
    compiled = compile_match(MatchConfig.model_validate({"data": data}), compilation)
    assert [] == compilation.found
    return compiled


def view(data: Any) -> View:
    return View({"ce_id": b"1", "content-type": b"application/json"}, orjson.dumps(data))


def matches(data: dict[str, Any], event: Any = POWERED_OFF) -> bool:
    return all(condition.holds(view(event)) for condition in conditions(data))


@pytest.mark.parametrize(
    "data",
    [
        {"Vm.Name": "db-01"},
        {"Vm.Name": {"prefix": "db-"}, "Host": None},
        {"Vm.Name": ["web-01", {"suffix": "-01"}]},
        {"Arguments[Key=Tag].Value": "t1"},
        {"Arguments.Value": "vm1"},
        {"Host.Name": {"exists": False}},
        {"Vm": {"exists": True}},
        {"IpAddress": {"cidr": "10.0.0.0/24"}},
    ],
    ids=str,
)
def test_an_event_that_is_so_matches(data: dict[str, Any]) -> None:
    assert matches(data)


@pytest.mark.parametrize(
    "data",
    [
        {"Vm.Name": "DB-01"},
        {"Vm.Name": {"prefix": "db-"}, "Host": "esx"},
        {"Arguments[Key=Object].Value": "t1"},
        {"Host": {"exists": False}},
        {"Vm": "db-01"},
    ],
    ids=str,
)
def test_an_event_that_is_not_so_does_not_match(data: dict[str, Any]) -> None:
    assert not matches(data)


@pytest.mark.parametrize("body", [None, b"", b"<xml/>", b"{", b"[" * 5000])
def test_an_event_without_json_has_no_value(body: bytes | None) -> None:
    event = View({"ce_id": b"1"}, body)
    (present,), (absent,) = conditions({"Vm.Name": {"exists": True}}), conditions({"Vm.Name": {"exists": False}})
    assert [False, True] == [present.holds(event), absent.holds(event)]
    assert Finding("data.Vm.Name", "exists", "nothing") == present.finding(event)


def test_data_is_parsed_only_when_it_is_asked_for() -> None:
    (condition,) = conditions({"Vm.Name": "db-01"})
    assert Needs.DATA == condition.needs


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        ({"Vm.Name": {"prefix": "web-"}}, Finding("data.Vm.Name", "starts with 'web-'", '"db-01"')),
        ({"Host.Name": "esx"}, Finding("data.Host.Name", "is 'esx'", "nothing")),
        ({"Arguments.Value": "x"}, Finding("data.Arguments.Value", "is 'x'", '["t1","vm1"]')),
        ({"Vm.Name": "db-01", "Host": "esx"}, Finding("data.Host", "is 'esx'", "null")),
    ],
    ids=str,
)
def test_it_says_what_it_wants_and_what_it_saw(data: dict[str, Any], finding: Finding) -> None:
    assert finding == AllOf(conditions(data)).finding(view(POWERED_OFF))


def test_an_event_with_too_much_to_look_at_does_not_match_and_says_so() -> None:
    (condition,) = conditions({"Arguments.Value": {"exists": False}})
    event = view({"Arguments": [{}] * 100_000})
    assert not condition.holds(event)
    assert Finding("data.Arguments.Value", "does not exist", "more than a condition may look at") == condition.finding(
        event
    )


def test_equal_conditions_are_one() -> None:
    assert {*conditions({"Vm.Name": ["a", "b"]})} == {*conditions({'Vm."Name"': ["b", "a"]})}


@given(
    st.lists(st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=3), min_size=1), st.data()
)
def test_an_index_may_hash_exact_values(values: list[Any], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(values) | st.integers(0, 3), min_size=1))
    (condition,) = conditions({"a.b": wanted})
    assert isinstance(condition, DataIs)
    assert condition.equality is not None
    question, tokens = condition.equality
    event = _parsed({"a": [{"b": value} for value in values]})
    assert condition.holds(event) == bool(tokens & set(question.answers(event)))


def _parsed(event: Any) -> View:
    parsed = View({}, None)
    parsed._data = event
    return parsed
