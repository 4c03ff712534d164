"""What ``not`` makes of what cannot be decided."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from schemas.config import MatchConfig
from streams.filters import Compilation, View, compile_match
from streams.filters.condition import AllOf
from streams.filters.entity import Entity, Known

ARN = "arn:aws:events:eu-central-1:123456789012:rule/bus/power"
TOO_MUCH = "more than a condition may look at"
NOT_FETCHED = "the rule was not fetched yet"
LONG = {"v": ["x"] * 20_000 + ["y"], "s": "a" * 200_000}
VM = Entity(
    name="vm",
    folder=None,
    cluster="C0",
    resource_pool=None,
    tags=(),
    attributes=(("note", "a" * 200_000),),
    host_name=None,
)


def compiled(match: dict[str, Any], on_unknown: Any = "skip") -> AllOf:
    compilation = Compilation(on_unknown=on_unknown)
    conditions = compile_match(MatchConfig.model_validate(match), compilation)
    assert [] == compilation.found
    return AllOf(conditions)


def view(data: Any = LONG) -> View:
    headers = {"ce_subject": b"S", "content-type": b"application/json"}
    return View(headers, orjson.dumps(data), entity=Known("vc1/vm-7", VM, 1.0, 1.0))


UNDECIDED: dict[str, tuple[dict[str, Any], str]] = {
    "a long array": ({"data": {"v": "y"}}, TOO_MUCH),
    "a long text": ({"data": {"s": {"regex": "b"}}}, TOO_MUCH),
    "an array of a pattern": ({"pattern": {"detail": {"data": {"v": ["y"]}}}}, TOO_MUCH),
    "a rule": ({"pattern": {"rule_arn": ARN}}, NOT_FETCHED),
    "a long custom attribute": ({"inventory": {"attributes": {"note": {"regex": "b"}}}}, TOO_MUCH),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_cannot_be_decided_does_not_match_nor_does_its_opposite(name: str) -> None:
    match, doubt = UNDECIDED[name]
    for each in (match, {"not": match}, {"not": {"not": match}}, {"not": {"any": [match, {"subject": "T"}]}}):
        condition = compiled(each)
        assert not condition.holds(view())
        assert doubt == condition.finding(view()).saw


def test_what_can_be_decided_has_an_opposite() -> None:
    match = {"data": {"v": "y"}}
    assert [False, True] == [compiled({"not": match}).holds(view({"v": value})) for value in "yx"]
    assert "it holds" == compiled({"not": match}).finding(view({"v": "y"})).saw


def test_a_doubt_beside_an_answer_is_not_told() -> None:
    match = {"not": {"any": [{"data": {"v": "y"}}, {"subject": "S"}]}}
    assert "it holds" == compiled(match).finding(view()).saw


def test_what_is_not_known_is_told_below_not() -> None:
    condition = compiled({"not": {"inventory": {"folder": "/DC0"}}})
    assert "the folder of vc1/vm-7 cannot be seen by the account of the inventory" == condition.finding(view()).saw
