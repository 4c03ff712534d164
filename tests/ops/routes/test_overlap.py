from __future__ import annotations

from typing import Any

import pytest

from ops.routes.overlap import Overlap, overlaps
from schemas.config import RouteConfig

SHAPE = {"constant": {"a": 1}}


def route(name: str, **given: Any) -> RouteConfig:
    return RouteConfig.model_validate({"name": name, "to": "s", **given})


@pytest.mark.parametrize(
    "match",
    [
        ({}, {}),
        ({"subject": ["a", "b"]}, {"subject": ["b", "c"]}),
        ({"subject": "a"}, {"subject": "*"}),
        ({"subject": "a"}, {"vcenter": "b"}),
    ],
)
def test_routes_that_one_event_may_take_overlap_when_their_transforms_differ(
    match: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    one, other = match
    apart = [route("one", match=one), route("other", match=other, transform=SHAPE)]
    alike = [route("one", match=one, transform=SHAPE), route("other", match=other, transform=SHAPE)]
    assert ([Overlap("s", "one", "other")], []) == (list(overlaps(apart)), list(overlaps(alike)))


@pytest.mark.parametrize("name", ["subject", "type", "vcenter", "source"])
def test_routes_for_different_texts_of_an_attribute_do_not(name: str) -> None:
    routes = [route("one", match={name: ["a", "b"]}), route("other", match={name: "c"}, transform=SHAPE)]
    assert [] == list(overlaps(routes))


def test_one_pair_is_told_for_each_sink() -> None:
    routes = [route("a"), route("b", transform=SHAPE, to=["s", "t"]), route("c", to="t"), route("d", to=["s", "t"])]
    assert [Overlap("s", "a", "b"), Overlap("t", "b", "c")] == list(overlaps(routes))
