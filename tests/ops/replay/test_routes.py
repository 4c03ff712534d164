from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ops.replay.routes import compiled, read_routes, relevant
from schemas.config import Config, KafkaConfig, RouteConfig, SinkConfig
from schemas.errors import ConfigError, ReflexarcError
from tests.support.eventbridge import stand_in

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = Config(
    kafka=KafkaConfig(bootstrap="localhost:9092"),
    sinks={name: SinkConfig(name=name, type="http") for name in ("a", "b")},
)


def route(name: str, *to: str, **more: Any) -> RouteConfig:
    return RouteConfig.model_validate({"name": name, "to": to, **more})


STORM = route("storm", "b", throttle={"once_within": "5m"})


def test_only_routes_that_act_for_the_sinks_are_taken_and_throttled_ones_are_named() -> None:
    routes = [route("1", "a", "c"), route("2", "c"), route("3", "a", enabled=False), STORM, route("4", "b")]
    found = relevant(routes, ("a", "b"))
    assert (["1", "4"], ("storm",)) == ([each.name for each in found.taken], found.throttled)


@pytest.mark.parametrize(
    ("routes", "complaint"),
    [([], "no route leads to b"), ([STORM], "only a throttled route leads to b, storm, .*no throttle")],
)
def test_a_sink_that_nothing_leads_to_is_named(routes: list[RouteConfig], complaint: str) -> None:
    with pytest.raises(ReflexarcError, match=complaint):
        relevant(routes, ("b",))


def test_a_file_of_routes_is_read_like_one_in_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "again.yaml"
    path.write_text("owner: {name: web, sinks: a}\nroutes:\n- {name: x, to: a}\n")
    assert ["x"] == [each.name for each in read_routes(path, CONFIG)]


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("routes: [{name: x, to: c}]", ["routes[0].to"]),
        ("owner: {name: web, sinks: b}\nroutes: [{name: x, to: a}]", ["routes[0].to"]),
        ("rutes: []\nroutes: [{name: x}]", ["rutes", "routes[0].to"]),
        ("- a", [""]),
    ],
)
def test_every_fault_of_such_a_file_is_told_with_its_place(tmp_path: Path, text: str, complaints: list[str]) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_routes(path, CONFIG)
    assert (str(path), complaints) == (caught.value.source, [problem.where for problem in caught.value.problems])


def test_a_file_that_is_not_there_is_named_with_what_to_name_instead(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_routes(tmp_path / "none.yaml", CONFIG)
    (problem,) = caught.value.problems
    assert ("does not exist", "name a file that holds routes:, like those in routes.d") == (problem.what, problem.cure)


def test_a_rule_that_cannot_be_fetched_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(monkeypatch) as bus:
        bus.rules["default", "host"] = json.dumps({"detail": {"subject": ["HostEvent"]}})
        known = route("x", "a", match={"pattern": {"rule_arn": bus.arn("default", "host")}})
        unknown = route("y", "a", match={"pattern": {"rule_arn": bus.arn("default", "none")}})
        assert ["x"] == [each.name for each in compiled([known]).routes]
        with pytest.raises(ReflexarcError, match="route y: the pattern of arn:"):
            compiled([known, unknown])
