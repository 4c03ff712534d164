from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.templates.unfit import Unfit
from streams.filters import MISSING
from streams.transforms.draft import Draft
from streams.transforms.keypath import KeyPath

KEYS = st.sampled_from(["a", "b", "c"])
OBJECTS = st.recursive(st.none() | st.integers(), lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=9)
PLACES = st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: KeyPath(tuple(keys)))
CHANGES = st.lists(st.tuples(PLACES, st.integers() | st.just("remove")), max_size=8)


@given(data=st.dictionaries(KEYS, OBJECTS, max_size=3), changes=CHANGES)
def test_a_draft_never_changes_what_it_was_made_of_and_reads_back_what_was_written(
    data: object, changes: list[Any]
) -> None:
    before, draft = deepcopy(data), Draft(data)
    for place, value in changes:
        if value == "remove":
            draft.remove(place)
            assert MISSING is place.get(draft.data)
            continue
        try:
            draft.put(place, value)
        except Unfit:
            continue
        assert value == place.get(draft.data)
    assert before == data


def test_an_object_is_copied_once_however_often_it_is_written_to() -> None:
    draft = Draft({"Vm": {"Name": "web-1"}})
    draft.put(KeyPath.of("Vm.A"), 1)
    first = draft.data["Vm"]
    draft.put(KeyPath.of("Vm.B"), 2)
    assert first is draft.data["Vm"]


def test_objects_are_made_where_null_is_and_refused_where_something_else_is() -> None:
    draft = Draft({"Vm": None, "Key": 7})
    draft.put(KeyPath.of("Vm.Name"), "web-1")
    assert {"Vm": {"Name": "web-1"}, "Key": 7} == draft.data
    with pytest.raises(Unfit, match="Key is a number, so no key can be written below it"):
        draft.put(KeyPath.of("Key.Name"), "x")
