from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.router.scenario import SELECTIVE, SUBJECTS, Scenario, built_in, by_subject, names, read
from schemas.config import RouteConfig
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 2_000


def chosen(scenario: Scenario) -> int:
    return scenario.chosen(map(RouteConfig.model_validate, scenario.to("sink")), EVENTS)


@pytest.mark.parametrize("number", [1, 7, 100, 1_000])
def test_any_number_of_routes_chooses_every_event(number: int) -> None:
    routes = by_subject(number)
    assert number == len({route["name"] for route in routes})
    assert EVENTS == chosen(Scenario("all", routes))


@pytest.mark.parametrize("number", [100, 1_000])
def test_a_subject_has_one_route_when_there_are_enough(number: int) -> None:
    subjects = [subject for route in by_subject(number) for subject in route["match"]["subject"]]
    assert len(set(subjects)) == len(subjects) == number
    assert {name.decode() for name in names(SUBJECTS)} <= set(subjects)


def test_of_twenty_subjects_one_matches() -> None:
    scenario = next(each for each in built_in() if each.title == SELECTIVE)
    assert EVENTS // 20 == chosen(scenario)


def test_a_scenario_of_ones_own_is_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text("routes:\n- name: half\n  match: {subject: [Subject0Event]}\n  to: anywhere\n")
    scenario = read(path)
    assert ("half", EVENTS // SUBJECTS) == (scenario.title, chosen(scenario))
    assert [["here"]] == [route["to"] for route in scenario.to("here")]


@pytest.mark.parametrize("text", ["[]", "routes: 1", "", "routes: [", None])
def test_a_file_without_routes_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "wrong.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert all(problem.what and problem.cure for problem in caught.value.problems)
