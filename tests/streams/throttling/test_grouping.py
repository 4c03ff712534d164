from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent
from streams.filters.view import View
from streams.throttling.grouping import LONGEST, NOBODY, Grouping

PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(["", "1", "true", "null", "a,b", '"']))
ABSENT = object()
VALUE = st.one_of(st.just(ABSENT), PLAIN)


def view(data: Any = None, **attributes: str) -> View:
    event = CloudEvent(
        id="1",
        source="/s",
        type="t",
        datacontenttype="application/json",
        data=orjson.dumps(data),
        extensions=dict(attributes),
    )
    return View.of_event(event)


def test_without_names_the_key_of_the_record_is_the_group() -> None:
    assert b"vc1/vm-1" == Grouping().key(view(), b"vc1/vm-1")


def test_records_without_a_key_are_one_group() -> None:
    assert NOBODY == Grouping().key(view(), None) == Grouping().key(view(), b"")


def test_attributes_and_data_may_be_mixed() -> None:
    grouping = Grouping.of(("vcenter", "data.Vm.Name"))
    assert b'[["vc1"],["db"]]' == grouping.key(view({"Vm": {"Name": "db"}}, vcenter="vc1"), b"x")


@pytest.mark.parametrize("data", [None, 7, [1], {"Vm": None}, {"Vm": "Name"}, {"Vm": {}}])
def test_what_an_event_does_not_have_is_a_group_of_its_own(data: Any) -> None:
    assert b"[[]]" == Grouping.of(("data.Vm.Name",)).key(view(data), b"x")


def test_a_path_may_select_in_arrays_and_stands_for_all_that_it_leads_to() -> None:
    arguments = [{"Key": "Tag", "Value": "a"}, {"Key": "Zone", "Value": "b"}]
    key = Grouping.of(("data.Arguments[Key=Tag].Value", "data.Arguments.Value", 'data."x.y"')).key
    assert b'[["a"],["a","b"],[1]]' == key(view({"Arguments": arguments, "x.y": 1}), b"x")


def test_an_event_with_too_much_to_look_at_is_grouped_by_the_key_of_its_record() -> None:
    assert b"vc1/vm-1" == Grouping.of(("data.a",)).key(view({"a": list(range(60_000))}), b"vc1/vm-1")


@given(st.tuples(VALUE, VALUE), st.tuples(VALUE, VALUE))
def test_two_events_are_of_one_group_exactly_when_their_values_are_the_same(
    first: tuple[Any, Any], second: tuple[Any, Any]
) -> None:
    def key(values: tuple[Any, Any]) -> bytes:
        data = {name: value for name, value in zip("ab", values, strict=True) if value is not ABSENT}
        return Grouping.of(("data.a", "data.b")).key(view(data), None)

    same = [(type(value), value) for value in first] == [(type(value), value) for value in second]
    assert same == (key(first) == key(second))


def test_a_long_key_is_hashed_and_still_tells_groups_apart() -> None:
    keys = {Grouping.of(("data.a",)).key(view({"a": "x" * 2**20 + end}), None) for end in "yz"}
    assert (2, True) == (len(keys), all(len(key) <= LONGEST for key in keys))
