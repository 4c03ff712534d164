"""Every sample becomes a right configuration that routes as the original did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ops.imports.configuration import MARK
from ops.imports.original import Original
from schemas.config import Config, load
from schemas.config.document import parse
from sinks.registry import SINKS, model
from streams.filters import View
from streams.filters.compile import COMPILERS
from streams.routing.route import compile_routes, route_faults
from tests.ops.imports import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.imports.configuration import Configuration

VARIABLE = re.compile(r"\$\{(\w+)\}")
COMPILED = [
    pytest.param(
        name,
        marks=pytest.mark.skipif("cesql" in name and "cesql" not in COMPILERS, reason="no route compiles cesql yet"),
    )
    for name in samples.NAMES
]


def converted(name: str) -> Configuration:
    return samples.CONVERTERS[samples.kind(name)](Original.read(samples.FOLDER / name))


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], Config]:
    """The imported configuration of a sample, read and checked as ``reflexarc check`` does."""

    def read(name: str) -> Config:
        text = converted(name).text()
        (tmp_path / "reflexarc.yaml").write_text(text)
        environ = dict.fromkeys(VARIABLE.findall(text), "secret")
        return load(
            tmp_path / "reflexarc.yaml",
            sink_models=model,
            sink_types=tuple(SINKS),
            route_faults=route_faults,
            environ=environ,
        )

    return read


def test_every_sample_has_its_row_in_the_table() -> None:
    assert set(samples.ROUTING) == set(samples.NAMES)


@pytest.mark.parametrize("name", COMPILED)
def test_a_sample_routes_every_subject_as_the_original_did(name: str, loaded: Callable[[str], Config]) -> None:
    routes = compile_routes(loaded(name).routes)
    expected = {
        subject: {sink for sink, subjects in samples.ROUTING[name].items() if subject in subjects}
        for subject in samples.SUBJECTS
    }
    views = {subject: View.of_event(samples.event(subject)) for subject in samples.SUBJECTS}
    assert expected == {
        subject: {sink for route in routes if route.matches(view) for sink in route.sinks}
        for subject, view in views.items()
    }


@pytest.mark.parametrize("name", COMPILED)
def test_functions_see_the_types_that_they_saw(name: str, loaded: Callable[[str], Config]) -> None:
    formats = {sink.name: getattr(sink, "type_format", None) for sink in loaded(name).sinks.values()}
    newer = {"power-off", "telegram", "horizon", "sockeye-trigger"}  # VSphereSource, or not told
    assert formats == {sink: "vsphere" if sink in newer else "event-router" for sink in formats}


@pytest.mark.parametrize("name", samples.NAMES)
def test_the_text_says_what_the_data_says_and_every_point_stands_in_it(name: str) -> None:
    configuration = converted(name)
    text = configuration.text()
    document = parse(text)
    assert [] == document.problems
    assert configuration.data() == {key: value for key, value in document.data.items() if value}
    points = [point for part in configuration.parts for point in part.points]
    assert len(points) == text.count(f"# {MARK}")
    count = f"{len(points)} point{'s' if len(points) != 1 else ''} not translated" if points else "nothing is left out"
    assert count in configuration.summary()


@pytest.mark.parametrize("name", samples.NAMES)
def test_no_secret_is_copied(name: str) -> None:
    assert samples.SECRET not in converted(name).text()
    assert samples.SECRET not in repr(converted(name))


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("array-openfaas.json", ["[2], line 16: nothing serves /stats"]),
        (
            "array-eventbridge.json",
            ["[0], line 2: a later", "[1].colour, line 4", "[1].options.pace, line 6", "[3], line 12"],
        ),
        (
            "router-openfaas.yaml",
            [
                "metadata.labels, line 5",
                "metricsProvider, line 31",
                "eventProvider.vcenter.checkpointDir, line 14",
                "certificates.rootCAs, line 37",
            ],
        ),
        ("router-knative-ref.yaml", ["metricsProvider, line 20"]),
        (
            "router-knative-uri.yaml",
            ["metricsProvider, line 18: the webhook serves /stats itself"],
        ),
        (
            "router-horizon-eventbridge.yaml",
            ["metricsProvider, line 21", "eventProvider.horizon, line 7"],
        ),
        ("trigger-v07.yaml", []),
        (
            "trigger-v08.yaml",
            ["kind, line 41: a Sequ", "spec.filter.attributes.type, line 23", "spec.delivery.deadLetterSink, line 30"],
        ),
        ("trigger-filters.yaml", ["spec.filter, line 9: has no effect beside filters"]),
        ("trigger-cesql.yaml", ["spec.filters[0].cesql, line 7"]),
        ("stack.yml", ["functions.old.annotations.topic, line 27: vm.powered.on"]),
        ("functions.yaml", ["line 1: names no gateway"]),
    ],
)
def test_what_could_not_be_translated_is_named_with_its_place(name: str, points: list[str]) -> None:
    found = [str(point) for part in converted(name).parts for point in part.points]
    assert [True] * len(points) == [said.startswith(point) for point, said in zip(points, found, strict=True)]
