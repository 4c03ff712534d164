from __future__ import annotations

from typing import Any

import pytest

from schemas.config import MatchConfig, RouteConfig
from streams.filters import Compilation, Condition, Needs, View, compile_match
from streams.filters.condition import AllOf
from streams.filters.entity import Entity, Known
from streams.routing.route import compile_route

WEB = Entity(
    name="web-01",
    folder="/DC0/vm/web/front",
    cluster="C0",
    resource_pool="Resources",
    tags=(("env", "prod"), ("env", "pci"), ("tier", "1")),
    attributes=(("owner", "ops team"),),
    host_name=None,
)


def compiled(inventory: dict[str, Any], on_unknown: Any = "skip") -> Condition:
    parts = compile_match(
        MatchConfig.model_validate({"inventory": inventory}), compilation := Compilation(on_unknown=on_unknown)
    )
    assert [] == compilation.found
    return AllOf(parts)


def about(known: Known | None) -> View:
    return View({}, None, entity=known)


def of(entity: Entity | None, age: float | None = 1.0, tags_age: float | None = 1.0) -> View:
    return about(Known("vc1/vm-7", entity, age, tags_age))


@pytest.mark.parametrize(
    ("inventory", "expected"),
    [
        ({"folder": "/DC0/vm/web/front"}, True),
        ({"folder": "/DC0/vm/web"}, True),
        ({"folder": "/DC0/vm/web/"}, True),
        ({"folder": "/DC0"}, True),
        ({"folder": "/DC0/vm/we"}, False),
        ({"folder": "/DC0/vm/web/front/end"}, False),
        ({"folder": "/DC*/vm/we*"}, True),
        ({"folder": "*/front"}, True),
        ({"folder": "*/back"}, False),
        ({"folder": ["/DC1", "/DC0/vm"]}, True),
        ({"cluster": "C0"}, True),
        ({"cluster": "C*"}, True),
        ({"cluster": "c0"}, False),
        ({"resource_pool": ["gold", "Resources"]}, True),
        ({"resource_pool": "gold"}, False),
        ({"tags": {"env": "pci"}}, True),
        ({"tags": {"env": "pro*"}}, True),
        ({"tags": {"env": "1"}}, False),
        ({"tags": {"env": "prod", "tier": ["1", "2"]}}, True),
        ({"tags": {"env": "prod", "tier": "2"}}, False),
        ({"tags": {"moon": "*"}}, False),
        ({"attributes": {"owner": {"wildcard": "ops*"}}}, True),
        ({"attributes": {"owner": ["dev", "qa"]}}, False),
        ({"attributes": {"cost": {"exists": True}}}, False),
        ({"folder": "/DC0", "cluster": "C1"}, False),
    ],
)
def test_a_condition_looks_at_what_is_known_of_the_entity(inventory: dict[str, Any], *, expected: bool) -> None:
    condition = compiled(inventory)
    assert expected == condition.holds(of(WEB))
    assert Needs.INVENTORY == condition.needs


UNKNOWN = {
    "nothing is known of vc1/vm-7 (inventory 12m old)": of(None, 720.0),
    "nothing is known of vc1/vm-7 (no inventory yet)": of(None, None),
    "what is known of vc1/vm-7 may no longer be true (inventory 12m old)": of(WEB, 720.0),
    "no inventory is read": about(None),
}


@pytest.mark.parametrize("reason", UNKNOWN)
def test_what_is_not_known_is_decided_by_on_unknown_and_says_so(reason: str) -> None:
    assert compiled({"folder": "/DC0"}, "match").holds(UNKNOWN[reason])
    condition = compiled({"folder": "/DC0"})
    assert not condition.holds(UNKNOWN[reason])
    finding = condition.finding(UNKNOWN[reason])
    assert ("inventory.folder", "lies in /DC0", reason) == (finding.where, finding.wanted, finding.saw)


@pytest.mark.parametrize("on_unknown", ["match", "skip"])
def test_below_not_the_whole_still_says_what_on_unknown_states(on_unknown: Any) -> None:
    given = {"not": {"any": [{"inventory": {"folder": "/DC1"}}, {"not": {"inventory": {"folder": "/DC0"}}}]}}
    config = RouteConfig.model_validate({"name": "a", "to": "b", "match": given, "on_unknown": on_unknown})
    route, found = compile_route(config)
    assert [] == found
    assert route.matches(of(WEB))
    assert (on_unknown == "match") == route.matches(of(None))


def test_tags_have_an_age_of_their_own() -> None:
    assert not compiled({"tags": {"env": "prod"}}).holds(of(WEB, 1.0, None))
    assert compiled({"folder": "/DC0"}).holds(of(WEB, 1.0, None))
    saw = compiled({"tags": {"env": "prod"}}).finding(of(WEB, 1.0, 900.0)).saw
    assert "the tags of vc1/vm-7 may no longer be true (inventory 15m old)" == saw


def test_how_old_knowledge_may_be_is_the_routes_own_choice() -> None:
    assert compiled({"cluster": "C0", "max_age": "1h"}).holds(of(WEB, 3600.0))
    assert not compiled({"cluster": "C0", "max_age": "1m"}).holds(of(WEB, 61.0))


def test_an_event_about_no_entity_fits_no_condition_whatever_on_unknown_says() -> None:
    condition = compiled({"folder": "*"}, "match")
    assert not condition.holds(about(Known(None)))
    assert "the event is about no entity" == condition.finding(about(Known(None))).saw


def test_a_folder_that_the_account_cannot_see_is_not_known() -> None:
    hidden = of(Entity(name="x", folder=None, cluster="C0", resource_pool=None, tags=(), attributes=(), host_name=None))
    assert compiled({"folder": "/DC0"}, "match").holds(hidden)
    assert compiled({"cluster": "C0"}).holds(hidden)
    saw = compiled({"folder": "/DC0"}).finding(hidden).saw
    assert "the folder of vc1/vm-7 cannot be seen by the account of the inventory" == saw


@pytest.mark.parametrize(
    ("inventory", "expected"),
    [
        ({"folder": "/DC1"}, ("inventory.folder", "lies in /DC1", '"/DC0/vm/web/front"')),
        ({"tags": {"env": "dev"}}, ("inventory.tags.env", "is tagged dev", '"prod", "pci"')),
        ({"tags": {"moon": "*"}}, ("inventory.tags.moon", "is tagged *", "nothing")),
        ({"attributes": {"owner": "x"}}, ("inventory.attributes.owner", "is 'x'", '"ops team"')),
        ({"folder": "/DC0", "cluster": "C1"}, ("inventory.cluster", "is C1", '"C0"')),
    ],
)
def test_a_finding_says_what_was_seen(inventory: dict[str, Any], expected: tuple[str, str, str]) -> None:
    finding = compiled(inventory).finding(of(WEB))
    assert expected == (finding.where, finding.wanted, finding.saw)


@pytest.mark.parametrize(
    ("inventory", "path", "what"),
    [
        ({}, ("match", "inventory"), "asks for nothing"),
        ({"max_age": "5m"}, ("match", "inventory"), "asks for nothing"),
        ({"folder": "DC0/vm"}, ("match", "inventory", "folder"), "DC0/vm is no path of a folder"),
        ({"folder": "/"}, ("match", "inventory", "folder"), "/ is no path of a folder"),
        ({"tags": {"env": "a\\b"}}, ("match", "inventory", "tags", "env"), "has a backslash before something else"),
        ({"attributes": {"n": 7}}, ("match", "inventory", "attributes", "n"), "is not a text"),
    ],
)
def test_a_mistake_is_named_with_its_place(inventory: dict[str, Any], path: tuple[str, ...], what: str) -> None:
    compilation = Compilation()
    compile_match(MatchConfig.model_validate({"inventory": inventory}), compilation)
    (fault,) = compilation.found
    assert path == fault.at
    assert fault.what.startswith(what)


def test_the_same_question_is_the_same_condition() -> None:
    given = {"folder": ["/DC0", "/DC1/"]}
    assert compiled(given) == compiled({"folder": ["/DC1", "/DC0"]})
    assert hash(compiled(given)) == hash(compiled(given))
    assert compiled(given) != compiled(given, "match")


def test_every_folder_around_an_entity_has_its_path() -> None:
    assert ("/DC0", "/DC0/vm", "/DC0/vm/web", "/DC0/vm/web/front") == WEB.folders
