from __future__ import annotations

from typing import Any

import pytest

from schemas.config import TransformConfig
from streams.filters import Compilation
from streams.transforms import compile_transform


def faults(**keys: Any) -> list[tuple[str, str, str]]:
    """What is wrong with a transform: dotted path, what, cure. There is a transform only when nothing is."""
    compilation = Compilation()
    compiled = compile_transform(TransformConfig.model_validate(keys), compilation)
    assert (compiled is None) is bool(compilation.found)
    return [(".".join(map(str, at)), what, cure) for at, what, cure in compilation.found]


@pytest.mark.parametrize(
    ("keys", "at", "what"),
    [
        ({}, "transform", "changes nothing"),
        ({"rename": {}}, "transform", "changes nothing"),
        ({"pick": ["Vm..Name"]}, "transform.pick.0", "has a key without a name"),
        ({"rename": {"a": "b?"}}, "transform.rename.a", "is written, so it cannot be optional"),
        ({"constant": {"a?": 1}}, "transform.constant.a?", "is written, so it cannot be optional"),
        (
            {"constant": {"a.b": 1}, "template": {"a": "x"}},
            "transform.template.a",
            "writes a, and constant.a.b writes a.b",
        ),
        ({"rename": {"x": "a"}, "constant": {"a": 1}}, "transform.constant.a", "writes a, and rename.x writes a"),
        ({"constant": {"a": 2**70}}, "transform.constant", "has a value that is no JSON"),
        ({"pick": ["a"], "data": "{}"}, "transform.pick", "has no effect with data"),
        ({"template": {"T": "x\n{{ y }}"}}, "transform.template.T", "reads y, which is not there (line 2 of it)"),
        ({"data": '"{{ data.a }}"'}, "transform.data", "has {{ }} inside quotes"),
        ({"attributes": {"id": "x"}}, "transform.attributes.id", "cannot be changed: it says which event this is"),
        ({"attributes": {"source": "x"}}, "transform.attributes.source", "cannot be changed"),
        ({"attributes": {"specversion": None}}, "transform.attributes.specversion", "cannot be changed"),
        ({"attributes": {"partitionkey": "x"}}, "transform.attributes.partitionkey", "cannot be changed"),
        ({"attributes": {"data": "x"}}, "transform.attributes.data", "no attribute can be called so"),
        ({"attributes": {"reflexarcroutes": "x"}}, "transform.attributes.reflexarcroutes", "it is our own"),
        (
            {"attributes": {"reflexarc_routes": "x"}},
            "transform.attributes.reflexarc_routes",
            "is not the name of an attr",
        ),
        ({"attributes": {"Team": "x"}}, "transform.attributes.Team", "is not the name of an attribute"),
        ({"attributes": {"type": None}}, "transform.attributes.type", "cannot be removed"),
        ({"attributes": {"team": "{% for %}"}}, "transform.attributes.team", "is not Jinja"),
        ({"constant": {f"a{at}": 1 for at in range(101)}}, "transform", "has more than 100 parts"),
        ({"template": {"a": "x" * 5000, "b": "x" * 5000}}, "transform", "has more than 8192 characters"),
    ],
)
def test_a_fault_names_its_place_what_is_wrong_and_the_cure(keys: dict[str, Any], at: str, what: str) -> None:
    found = faults(**keys)
    assert [(at, True, True)] == [
        (path, said.startswith(what) or what in said, bool(cure)) for path, said, cure in found
    ]


def test_all_faults_are_told_at_once() -> None:
    found = faults(pick=["."], constant={"a.": 1}, template={"t": "{{ x }}"}, attributes={"id": "x", "a": "{{ y }}"})
    assert ["pick.0", "constant.a.", "template.t", "attributes.id", "attributes.a"] == [
        path.removeprefix("transform.") for path, _, _ in found
    ]
