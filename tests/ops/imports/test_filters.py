"""Conditions on the event router's types against the events that had them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.imports.filters import Filters
from ops.imports.trigger_keys import SpecKeys
from schemas.config import MatchConfig
from streams.filters import Compilation, View, compile_match
from tests.ops.imports import samples

EVENTS = [samples.event(subject) for subject in samples.SUBJECTS]


def match(**spec: Any) -> dict[str, Any]:
    keys = SpecKeys.model_validate({"subscriber": {"uri": "http://x"}, **spec})
    return Filters(lambda _at, _what: None).match(keys)


def original(filters: list[dict[str, Any]], attributes: dict[str, str]) -> bool:
    """What Knative says: filters joined by AND, absent attributes fit nothing."""

    def one(keys: dict[str, Any]) -> bool:
        ((dialect, given),) = keys.items()
        if dialect in {"all", "any"}:
            return (all if dialect == "all" else any)(map(one, given))
        if dialect == "not":
            return not one(given)
        test = {"exact": str.__eq__, "prefix": str.startswith, "suffix": str.endswith}[dialect]
        return all(name in attributes and test(attributes[name], text) for name, text in given.items())

    return all(map(one, filters))


def ours(asked: dict[str, Any], subject: str) -> bool:
    compilation = Compilation()
    conditions = compile_match(MatchConfig.model_validate(asked), compilation)
    assert [] == compilation.found
    return all(condition.holds(View.of_event(samples.event(subject))) for condition in conditions)


ROUTER = "com.vmware.event.router/"
TYPES = [ROUTER + name for name in ("event", "eventex", "extendedevent")]
EXACT = st.sampled_from(
    [
        *({"type": name} for name in TYPES),
        {"subject": samples.OFF},
        {"eventclass": "event"},
        {"type": TYPES[0], "subject": samples.OFF},
    ]
)
PREFIX = st.sampled_from([ROUTER, "com.vmware.e", "com.vmware.", TYPES[0], f"{ROUTER}ext", "zz"]).map(
    lambda text: {"type": text}
)
SUFFIX = st.sampled_from(["/event", "event", "eventex", "/extendedevent", "zz"]).map(lambda t: {"type": t})
LEAVES = st.one_of(
    EXACT.map(lambda given: {"exact": given}),
    PREFIX.map(lambda given: {"prefix": given}),
    PREFIX.map(lambda given: {"prefix": {**given, "subject": "Vm"}}),
    SUFFIX.map(lambda given: {"suffix": given}),
    SUFFIX.map(lambda given: {"suffix": {**given, "subject": "OffEvent"}}),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: {"all": items}),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: {"any": items}),
        inner.map(lambda item: {"not": item}),
    ),
    max_leaves=6,
)


@given(filters=st.lists(FILTERS, min_size=1, max_size=3))
def test_a_trigger_of_the_event_router_takes_the_same_events_as_its_import(filters: list[dict[str, Any]]) -> None:
    asked = match(filters=filters)
    for event in EVENTS:
        eventclass = str(event.extensions["eventclass"])
        attributes = {"type": ROUTER + eventclass, "subject": str(event.subject), "eventclass": eventclass}
        assert original(filters, attributes) is ours(asked, str(event.subject)), (event.subject, asked)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {}),
        ({"filter": {}}, {}),
        ({"filter": {"attributes": {"type": "", "subject": ""}}}, {}),
        ({"filter": {"attributes": {"type": "", "subject": "x"}}}, {"exact": {"subject": "x"}}),
        ({"filter": {"attributes": {"subject": "x"}}, "filters": []}, {"exact": {"subject": "x"}}),
        ({"filter": {"attributes": {"subject": "x"}}, "filters": [{"suffix": {"a": "y"}}]}, {"suffix": {"a": "y"}}),
        ({"filters": [{"exact": {"a": "b"}}, {"cesql": "TRUE"}]}, {"all": [{"exact": {"a": "b"}}, {"cesql": "TRUE"}]}),
        (
            {"filters": [{"suffix": {"type": "event", "subject": "x"}}]},
            {
                "all": [
                    {"any": [{"exact": {"eventclass": "event"}}, {"exact": {"eventclass": "extendedevent"}}]},
                    {"suffix": {"subject": "x"}},
                ]
            },
        ),
        (
            {"filters": [{"exact": {"type": "com.vmware.event.router/event", "eventclass": "event"}}]},
            {"all": [{"exact": {"eventclass": "event"}}, {"exact": {"eventclass": "event"}}]},
        ),
    ],
)
def test_filters_keep_their_dialects_and_override_the_older_filter(spec: dict[str, Any], expected: object) -> None:
    assert expected == match(**spec)
