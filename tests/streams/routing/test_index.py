"""The index against the plain evaluation of every route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.config import RouteConfig
from schemas.errors import InvalidEvent
from streams.filters import View
from streams.routing import index as module
from streams.routing import plan
from streams.routing.index import RouteIndex
from streams.routing.matches import combine, names
from streams.routing.route import Route, compile_routes

if TYPE_CHECKING:
    from streams.routing.questions import Questions

SUBJECTS = ["VmPoweredOffEvent", "VmPoweredOnEvent", "VmEvent", "HostEvent", "AlarmStatusChangedEvent", "x"]
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


FURTHER: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {"sample": 0.5}, {"mute_windows": [{"zone": "UTC", "to": "12:00"}]}]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Route, ...]:
    given = draw(st.lists(st.tuples(MATCH, some("a", "b", "c"), FURTHER), min_size=20, max_size=25))
    return compile_routes(
        RouteConfig.model_validate({"name": f"r{at}", "match": match, "to": sorted(set(to)), **further})
        for at, (match, to, further) in enumerate(given)
    )


NAMED = st.sampled_from([None, {}, {"Name": "a"}, {"Name": ["b", "abc"]}, [{"Name": "b"}, {"Name": 1}]])
EVENTS = st.builds(
    lambda attributes, name, number: View(
        {"ce_specversion": b"1.0", **attributes}, orjson.dumps({"Vm": name, "n": number, "To": "red"})
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "ce_subject": st.sampled_from([subject.encode() for subject in [*SUBJECTS, "other"]]),
            "ce_time": st.sampled_from([b"2026-11-28T09:00:00Z", b"2026-11-28T15:00:00Z"]),
            "ce_id": st.sampled_from([b"1", b"2"]),
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


WANTED: st.SearchStrategy[dict[str, Any]] = st.one_of(
    some("x", "y", "z").map(lambda texts: {"data": {"n": texts}}),
    st.sampled_from([{"prefix": "y"}, {"anything-but": "x"}, {"exists": False}]).map(
        lambda leaf: {"data": {"n": leaf}}
    ),
    some("x", "y").map(lambda texts: {"pattern": {"detail": {"data": {"n": texts}}}}),
    some("y", "z").map(lambda texts: {"data": {"n": texts, "Vm.Name": "a"}}),
)
LENGTHS = st.integers(7_000, 13_000) | st.sampled_from([1, 12_499, 12_500, 12_501, 16_666, 16_667, 50_000])


@settings(max_examples=60, deadline=None)
@given(st.lists(WANTED | WANTED.map(lambda match: {"not": match}), min_size=4, max_size=6), LENGTHS, st.data())
def test_the_index_agrees_with_the_plain_evaluation_on_long_arrays(
    matches: list[dict[str, Any]], length: int, data: st.DataObject
) -> None:
    """Also where there is more to look at than a condition may."""
    array = ["x"] * length
    array[data.draw(st.sampled_from([0, length // 2, length - 1]))] = "y"
    routes = compile_routes(
        RouteConfig.model_validate({"name": f"r{at}", "match": match, "to": "a"}) for at, match in enumerate(matches)
    )
    view = View({"ce_specversion": b"1.0"}, orjson.dumps({"n": array, "Vm": {"Name": ["a"] * length}}))
    assert combine(route for route in routes if route.matches(view)) == RouteIndex(routes).match(view)


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


def test_subjects_that_leave_the_same_routes_share_one_plan() -> None:
    index = table({"match": {"subject": "x"}, "to": "a"}, {"match": {"vcenter": "vc1"}, "to": "a"})
    for number in range(100):
        index.match(View.of_attributes({"subject": str(number), "type": "t"}))
    assert 1 == len({id(plan) for plan in index._plans.values()})


def test_a_long_subject_is_not_remembered() -> None:
    index = table({"match": {"subject": "x*"}, "to": "a"})
    assert ["a"] == list(index.match(View.of_attributes({"subject": "x" * 1_000})))
    assert not index._plans


def test_plans_hold_so_many_routes_together_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 50)
    index = table(*({"match": {"subject": f"*{letter}*"}, "to": letter} for letter in "abcdefgh"))
    for number in range(256):
        subject = "".join(letter for at, letter in enumerate("abcdefgh") if number >> at & 1)
        assert sorted(subject) == list(index.match(View.of_attributes({"subject": subject})))
        assert sum(map(len, index._shared)) <= 50


def test_combinations_of_routes_are_forgotten_when_they_become_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MOST", 50)
    index = table(*({"match": {"data": {letter: 1}}, "to": letter} for letter in "abcdefgh"))
    for number in range(256):
        letters = [letter for at, letter in enumerate("abcdefgh") if number >> at & 1]
        assert letters == list(index.match(View({}, orjson.dumps(dict.fromkeys(letters, 1)))))
        assert sum(len(found) for _, found in index._combinations._known) <= 50


@pytest.mark.parametrize(
    "match",
    [
        {"alarm": {"name": "CPU"}},
        {"any": [{"subject": "x"}, {"alarm": {"to": "red"}}, {"prefix": {"type": "com."}}]},
        {"any": [{"all": [{"vcenter": "vc1"}, {"subject": "x*"}]}, {"exact": {"subject": "y"}}]},
    ],
)
def test_a_route_of_some_subjects_costs_the_others_nothing(match: dict[str, Any]) -> None:
    index = table({"match": match, "to": "a"})
    index.match(View.of_attributes({"subject": "other"}))
    (made,) = index._plans.values()
    assert made.plain
    assert [] == list(index._anchors.candidates({"subject": "other"}))


@pytest.mark.parametrize(
    "route",
    [
        {"match": {"vcenter": "vc1*", "data": {"a": "x"}}},
        {"match": {"data": {"a": "x"}}, "active_windows": [{"zone": "UTC", "to": "01:00"}]},
        {"match": {"data": {"a": "x"}}, "sample": 1e-9},
    ],
)
def test_data_is_parsed_only_for_a_route_whose_attributes_fit(route: dict[str, Any]) -> None:
    index = table({**route, "to": "a"}, {**route, "to": "b"})
    attributes = {"ce_vcenter": b"lab", "ce_time": b"2026-11-28T12:00:00Z", "ce_source": b"/s", "ce_id": b"1"}
    view = View(attributes, b'{"a": "x"}')
    assert {} == index.match(view)
    assert not isinstance(view._data, dict)


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


def test_a_route_is_asked_once_however_many_of_its_values_an_array_holds() -> None:
    asked: Any = Asked(answer=False)
    (wants,) = table({"match": {"data": {"v": list(range(1_000))}}, "to": "a"}).routes[0].conditions
    index = RouteIndex(Route(name=name, sinks=("s",), conditions=(wants, asked)) for name in "ab")
    assert {} == index.match(View({}, orjson.dumps({"v": [*range(1_000)] * 3})))
    assert 2 == asked.count


def test_many_routes_that_ask_the_same_questions_are_no_deeper_than_the_stack() -> None:
    match = {"data": {f"k{at}": {"prefix": "a"} for at in range(2_000)}}
    index = table({"match": match, "to": "a"}, {"match": match, "to": "b"})
    assert ["a", "b"] == list(index.match(View({}, orjson.dumps({f"k{at}": "a" for at in range(2_000)}))))


def kept(questions: Questions) -> int:
    """How often routes lie in it."""
    below = [inner for values in questions._cases.values() for inner in values.values()]
    below += [inner for _, inner in questions._groups]
    lists = [each for values in questions._elements.values() for each in values.values()]
    return sum(map(len, [questions._decided, questions._singles, *lists])) + sum(map(kept, below))


def test_lists_of_values_do_not_multiply() -> None:
    many = {name: [f"{name}{at}" for at in range(100)] for name in ("vcenter", "source", "type")}
    index = table({"match": {**many, "data": {"n": list(range(100))}}, "to": "a"}, {"match": many, "to": "b"})
    view = View({f"ce_{name}": f"{name}7".encode() for name in many}, b'{"n": 7}')
    assert ["a", "b"] == list(index.match(view))
    assert 2 * 100 == sum(kept(questions) for questions in next(iter(index._shared.values()))._questions)
