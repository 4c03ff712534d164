"""The index against the plain evaluation of every route."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.config import RouteConfig
from schemas.errors import InvalidEvent
from streams.filters import View
from streams.routing import index as module
from streams.routing.index import RouteIndex
from streams.routing.matches import combine, names
from streams.routing.route import Route, compile_routes

SUBJECTS = ["VmPoweredOffEvent", "VmPoweredOnEvent", "VmEvent", "HostEvent", "x"]
TYPES = ["com.vmware.a", "com.vmware.b", "org.other"]
VCENTERS = ["vc1", "vc2", "lab-1"]


def some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


FILTER: st.SearchStrategy[dict[str, Any]] = st.one_of(
    some(*SUBJECTS, "Vm*", "*Event", "Vm*Off*").map(lambda texts: {"subject": texts}),
    some(*TYPES, "com.*").map(lambda texts: {"type": texts}),
    some(*VCENTERS, "vc*").map(lambda texts: {"vcenter": texts}),
    st.sampled_from([{"exact": {"subject": "VmEvent"}}, {"exact": {"vcenter": "vc1", "type": "org.other"}}]),
    st.sampled_from([{"prefix": {"subject": "Vm"}}, {"prefix": {"type": "com.", "vcenter": "l"}}]),
    st.sampled_from([{"suffix": {"vcenter": "1"}}, {"suffix": {"subject": "Event"}}]),
    st.sampled_from([{"cesql": "subject LIKE 'Vm%'"}, {"cesql": "vcenter = 'vc1' OR type = 'org.other'"}]),
    st.sampled_from(
        [{"data": {"Vm.Name": ["a", "b"]}}, {"data": {"Vm.Name": "a", "n": 1}}, {"data": {"n": [True, "1"]}}]
    ),
    st.sampled_from([{"data": {"Vm.Name": {"prefix": "a"}}}, {"data": {"n": {"exists": False}}}]),
    st.sampled_from([{"pattern": {"detail": {"data": {"n": [1]}}}}, {"alarm": {"to": "red"}}]),
)
NESTED = st.recursive(
    FILTER,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: {"all": items}),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: {"any": items}),
        inner.map(lambda item: {"not": item}),
    ),
    max_leaves=4,
)
MATCH = st.lists(NESTED, max_size=3).map(lambda parts: {key: value for part in parts for key, value in part.items()})


@st.composite
def tables(draw: st.DrawFn) -> tuple[Route, ...]:
    given = draw(st.lists(st.tuples(MATCH, some("a", "b", "c")), min_size=20, max_size=25))
    return compile_routes(
        RouteConfig.model_validate({"name": f"r{at}", "match": match, "to": sorted(set(to))})
        for at, (match, to) in enumerate(given)
    )


NAMED = st.sampled_from([None, {}, {"Name": "a"}, {"Name": ["b", "abc"]}, [{"Name": "b"}, {"Name": 1}]])
EVENTS = st.builds(
    lambda attributes, name, number: View(
        {"ce_specversion": b"1.0", **attributes}, orjson.dumps({"Vm": name, "n": number})
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "ce_subject": st.sampled_from([subject.encode() for subject in [*SUBJECTS, "other"]]),
            "ce_type": st.sampled_from([name.encode() for name in TYPES]),
            "ce_vcenter": st.sampled_from([name.encode() for name in VCENTERS]),
        },
    ),
    NAMED,
    st.sampled_from([1, 1.0, True, "1", None, [1, True]]),
)


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(tables(), st.lists(EVENTS, min_size=20, max_size=25))
def test_the_index_finds_what_asking_every_route_finds(routes: tuple[Route, ...], events: list[View]) -> None:
    """250 tables of at least 20 routes with 20 events each: 100,000 pairs."""
    index = RouteIndex(routes)
    for view in events:
        naive = combine(route for route in routes if route.matches(view))
        assert naive == index.match(view)


def table(*configs: dict[str, Any]) -> RouteIndex:
    return RouteIndex(
        compile_routes(RouteConfig.model_validate({"name": f"r{at}", **each}) for at, each in enumerate(configs))
    )


def test_sinks_get_one_record_that_names_all_their_routes_in_order() -> None:
    index = table(
        {"match": {"vcenter": "vc1"}, "to": ["a", "b"]},
        {"match": {"subject": "x"}, "to": "b"},
        {"match": {"subject": "x"}, "enabled": False, "to": "c"},
        {"to": ["b"]},
    )
    matches = index.match(View.of_attributes({"subject": "x", "vcenter": "vc1"}))
    assert {"a": ("r0",), "b": ("r0", "r1", "r3")} == names(matches)
    assert b"r0,r1,r3" == matches["b"].listed


def test_plans_of_subjects_that_somebody_makes_up_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 10)
    index = table({"match": {"subject": "x"}, "to": "a"})
    for number in range(100):
        index.match(View.of_attributes({"subject": str(number)}))
    assert len(index._plans) <= 10
    assert ["a"] == list(index.match(View.of_attributes({"subject": "x"})))


def test_a_subject_that_is_not_utf_8_is_no_event() -> None:
    with pytest.raises(InvalidEvent, match="ce_subject"):
        table().match(View({"ce_subject": b"\xff"}, None))


class Asked:
    """A condition that counts how often it is asked."""

    needs = 2

    def __init__(self, answer: bool) -> None:  # noqa: FBT001
        self.answer, self.count = answer, 0

    def holds(self, _view: View) -> bool:
        self.count += 1
        return self.answer


@pytest.mark.parametrize("answer", [False, True])
def test_what_many_routes_ask_is_asked_once(answer: bool) -> None:  # noqa: FBT001
    asked: Any = Asked(answer)
    index = RouteIndex(Route(name=f"r{n}", sinks=(f"s{n}",), conditions=(asked,)) for n in range(100))
    assert 100 * answer == len(index.match(View.of_attributes({})))
    assert asked.count == 1
