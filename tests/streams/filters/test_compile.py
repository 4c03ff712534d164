"""Knative's dialects case by case (subscriptions spec 3.2.4.1), our own keys, and what is wrong with either."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.config import MatchConfig
from streams.filters import Compilation, View, compile_match

ATTRIBUTES = {
    "id": "1",
    "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
    "subject": "VmPoweredOffEvent",
    "vcenter": "vc1",
}
VIEW = View.of_attributes(ATTRIBUTES)


def matches(match: dict[str, Any]) -> bool:
    compilation = Compilation()
    conditions = compile_match(MatchConfig.model_validate(match), compilation)
    assert [] == compilation.found
    return all(condition.holds(VIEW) for condition in conditions)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({}, True),
        ({"subject": "VmPoweredOffEvent"}, True),
        ({"subject": ["VmPoweredOnEvent", "VmPoweredOffEvent"]}, True),
        ({"subject": "Vm*Event"}, True),
        ({"subject": "vm*"}, False),
        ({"subject": "Vm*", "vcenter": "vc2"}, False),
        ({"source": "*"}, False),
        ({"exact": {"type": "com.vmware.vsphere.VmPoweredOffEvent.v0"}}, True),
        ({"exact": {"type": "com.vmware.vsphere.VmPoweredOffEvent.v0", "vcenter": "vc2"}}, False),
        ({"exact": {"subject": "vmpoweredoffevent"}}, False),
        ({"exact": {"absent": "x"}}, False),
        ({"exact": {"subject": "Vm*"}}, False),
        ({"prefix": {"type": "com.vmware."}}, True),
        ({"prefix": {"type": "Com.vmware."}}, False),
        ({"prefix": {"absent": "x"}}, False),
        ({"prefix": {"type": "com.", "vcenter": "vc"}}, True),
        ({"suffix": {"type": ".v0"}}, True),
        ({"suffix": {"type": ".v0", "subject": "On"}}, False),
        ({"suffix": {"absent": "x"}}, False),
        ({"all": [{"exact": {"vcenter": "vc1"}}, {"prefix": {"subject": "Vm"}}]}, True),
        ({"all": [{"exact": {"vcenter": "vc1"}}, {"prefix": {"subject": "Host"}}]}, False),
        ({"any": [{"exact": {"vcenter": "vc2"}}, {"prefix": {"subject": "Vm"}}]}, True),
        ({"any": [{"exact": {"vcenter": "vc2"}}]}, False),
        ({"any": [{"exact": {"vcenter": "vc1", "subject": "x"}}]}, False),
        ({"all": [{"prefix": {"type": "com.", "subject": "Host"}}]}, False),
        ({"not": {"exact": {"vcenter": "vc2"}}}, True),
        ({"not": {"exact": {"absent": "x"}}}, True),
        ({"not": {"any": [{"suffix": {"type": ".v0"}}]}}, False),
        ({"any": [{"subject": "Host*"}, {"not": {"vcenter": "vc2"}}]}, True),
    ],
)
def test_a_match_means_what_knative_says(match: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    assert expected == matches(match)


@pytest.mark.parametrize(
    ("match", "where", "what"),
    [
        (
            {"cesql": "EXISTS subject AND FOO(subject)"},
            "match cesql",
            "calls what is not there: there is no function FOO",
        ),
        (
            {"cesql": "subject IN ('a', UPPER(LENGTH(1, 2)))"},
            "match cesql",
            "calls what is not there: LENGTH does not take 2 arguments",
        ),
        ({"exact": {}}, "match exact", "names no attribute"),
        ({"exact": {"Type": "x"}}, "match exact Type", "is not the name of an attribute"),
        ({"prefix": {"": "x"}}, "match prefix ", "is not the name of an attribute"),
        ({"suffix": {"type": ""}}, "match suffix type", "is empty"),
        ({"all": []}, "match all", "is empty"),
        ({"any": [{}]}, "match any 0", "names no filter"),
        ({"any": [{"subject": "a", "type": "b"}]}, "match any 0", "has several filters: subject, type"),
        ({"not": {"exact": {"a": "1"}, "prefix": {"a": "1"}}}, "match not", "has several filters: exact, prefix"),
        ({"subject": "a\\b"}, "match subject", r"has a backslash before something else than * and \ "),
        (
            {"alarm": {"from": ["red"], "to": "red"}},
            "match alarm to",
            "lies within from, so that nothing changes",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(match: dict[str, Any], where: str, what: str) -> None:
    compilation = Compilation()
    compile_match(MatchConfig.model_validate(match), compilation)
    assert [(where, what)] == [(" ".join(map(str, fault.at)), fault.what) for fault in compilation.found]


def test_filters_nested_without_end_are_refused() -> None:
    match: dict[str, Any] = {"subject": "x"}
    for _ in range(20):
        match = {"not": match}
    compilation = Compilation()
    compile_match(MatchConfig.model_validate(match), compilation)
    assert ["is nested deeper than 16"] == [fault.what for fault in compilation.found]


@pytest.mark.parametrize(
    ("match", "finding"),
    [
        ({"subject": ["a", "b*"]}, ("subject", "is one of a, b*", '"VmPoweredOffEvent"')),
        (
            {"subject": [*"abcdefgh", "i*", "j"]},
            ("subject", "is one of a, b, c, d, e, f, g, h or 2 more", '"VmPoweredOffEvent"'),
        ),
        ({"exact": {"absent": "x"}}, ("absent", "is x", "nothing")),
        ({"prefix": {"vcenter": "dc"}}, ("prefix.vcenter", "starts with 'dc'", '"vc1"')),
        ({"not": {"vcenter": "vc1"}}, ("not", "does not hold", "it holds")),
        (
            {"any": [{"vcenter": "vc2"}, {"suffix": {"subject": "On"}}]},
            (
                "any",
                "vcenter is vc2 or suffix.subject ends with 'On'",
                'vcenter "vc1"; suffix.subject "VmPoweredOffEvent"',
            ),
        ),
    ],
)
def test_what_does_not_hold_says_what_it_wanted_and_saw(match: dict[str, Any], finding: tuple[str, str, str]) -> None:
    (condition,) = compile_match(MatchConfig.model_validate(match), Compilation())
    found = condition.finding(VIEW)
    assert finding == (found.where, found.wanted, found.saw)
