from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from ops.cli.example import EXAMPLE
from schemas.config import Config, SinkConfig
from schemas.config.document import parse
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Switches every setting of the example on.
COMPLETE = re.sub(r"^( *)#(?! |$)", r"\1", EXAMPLE, flags=re.MULTILINE)


@pytest.fixture
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"\$\{(\w+_\w+)\}", EXAMPLE):
        monkeypatch.setenv(name, f"hunter2-of-{name}")


@pytest.fixture
def schema(reflexarc: Callable[..., Any]) -> dict[str, Any]:
    outcome = reflexarc("config", "schema")
    assert (0, "") == (outcome.code, outcome.err)
    described: dict[str, Any] = json.loads(outcome.out)
    return described


def test_the_example_passes_check_as_it_is_printed(reflexarc: Callable[..., Any], write: Callable[[str], Path]) -> None:
    write(reflexarc("config", "example").out)
    outcome = reflexarc("check")
    assert (0, "") == (outcome.code, outcome.err)


@pytest.mark.usefixtures("_variables")
def test_the_example_passes_check_with_every_setting_switched_on(
    reflexarc: Callable[..., Any], write: Callable[[str], Path]
) -> None:
    write(COMPLETE)
    outcome = reflexarc("check")
    assert (0, "") == (outcome.code, outcome.err)


def test_the_example_shows_every_section_and_every_connector() -> None:
    data = parse(COMPLETE).data
    assert set(Config.model_fields) == set(data)
    assert set(SINKS) == {sink["type"] for sink in data["sinks"].values()}


@pytest.mark.parametrize("text", [EXAMPLE, COMPLETE])
def test_the_schema_accepts_the_example(schema: dict[str, Any], text: str) -> None:
    jsonschema.Draft202012Validator(schema).validate(parse(text).data)


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_schema_describes_every_key_of_every_connector(schema: dict[str, Any], kind: str) -> None:
    described = next(
        part for part in schema["$defs"].values() if part["properties"].get("type", {}).get("const") == kind
    )
    assert set(model(kind).keys()) - {"name"} <= set(described["properties"])
    assert [] == [key for key, part in described["properties"].items() if not part.get("description")]


def test_every_connector_is_a_sink_with_defaults_of_its_own_type() -> None:
    assert [] == [kind for kind in SINKS if not issubclass(model(kind), SinkConfig)]
    assert [] == [kind for kind in SINKS if model(kind).model_fields["type"].default != kind]


def test_the_schema_holds_no_secret_and_no_path_of_this_machine(schema: dict[str, Any]) -> None:
    assert "hunter2" not in json.dumps(schema)
