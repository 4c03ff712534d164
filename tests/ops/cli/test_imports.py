from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from streams.filters.compile import COMPILERS
from tests.ops.imports import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif("cesql" in name and "cesql" not in COMPILERS, reason="no cesql yet"),
        )
        for name in samples.NAMES
    ],
)
def test_what_is_printed_passes_check(
    name: str, reflexarc: Callable[..., Any], write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reflexarc("import", samples.COMMANDS[samples.kind(name)], str(samples.FOLDER / name))
    assert 0 == made.code
    for variable in re.findall(r"\$\{(\w+)\}", made.out):
        monkeypatch.setenv(variable, "hunter2")
    write(made.out)
    checked = reflexarc("check")
    assert (0, "") == (checked.code, checked.err)


def test_the_summary_is_one_line_on_stderr(reflexarc: Callable[..., Any]) -> None:
    path = str(samples.FOLDER / "stack.yml")
    outcome = reflexarc("import", "stack", path)
    assert (
        f"{path}: functions of OpenFaaS: 5 routes, 1 sink; 1 point not translated, marked in the output\n"
        == outcome.err
    )


def test_json_holds_configuration_points_and_remarks(reflexarc: Callable[..., Any]) -> None:
    made = json.loads(reflexarc("import", "trigger", str(samples.FOLDER / "trigger-v08.yaml"), "--json").out)
    assert {"routes", "sinks", "kafka"} == set(made["configuration"])
    assert ["kind", "spec.filter.attributes.type", "spec.delivery.deadLetterSink"] == [
        point["where"] for point in made["not_translated"]
    ]
    assert "delivery of the broker default" in made["remarks"]


def test_a_fault_is_a_line_with_file_line_and_cure_and_nothing_is_printed(
    reflexarc: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "router.yaml"
    path.write_text((samples.FOLDER / "router-openfaas.yaml").read_text().replace("insecureSSL", "insecureSsl"))
    outcome = reflexarc("import", "veba", str(path))
    cure = "did you mean insecureSSL?"
    assert (2, "", f"{path}:12 eventProvider.vcenter.insecureSsl: is not a known key — {cure}\n") == (
        outcome.code,
        outcome.out,
        outcome.err,
    )


def test_a_file_that_is_not_there_is_told(reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("import", "stack", "nowhere.yml")
    expected = "nowhere.yml: cannot be read: no such file or directory — name the file to be imported\n"
    assert (2, expected) == (outcome.code, outcome.err)
