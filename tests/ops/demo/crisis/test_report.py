from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from ops import cli
from ops.demo.cast import Cast
from ops.demo.crisis import play, report
from ops.demo.crisis.tale import Row, Tale
from ops.dev.component import Component

if TYPE_CHECKING:
    from collections.abc import Sequence

GOOD = Row("CPU alarm", "approved", "succeeded", "vm [1]: 1 → 2 CPUs", 512.3)
BAD = Row("a hard reset", "nothing", "-", "none", None, ("a hard reset: was not parked in time",))
TOLD = Tale("d", "title d", rows=(GOOD,))
PART = Tale("f", "title f", needs="RabbitMQ", rows=(GOOD,))
FAILED = Tale("g", "title g", failures=BAD.faults, rows=(BAD,))
NOT_RUN = Tale("h", "title h", needs="Go")


def rendered(tales: Sequence[Tale], failures: Sequence[str] = ()) -> list[str]:
    out = io.StringIO()
    report.render(Console(file=out, width=200), tales, Path("/runs/1"), failures)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_every_story_is_told_with_its_outcome() -> None:
    lines = rendered((TOLD, PART, FAILED, NOT_RUN), ["story g: was not parked"])
    assert ["(d) true", "(f) true", "(g) failed", "(h) not run: needs Go"] == [
        line for line in lines if line.startswith("(") and ") " in line and "alarm" not in line and "hard" not in line
    ]
    assert 2 == lines.count("CPU alarm: approved and succeeded; the vCenter says vm [1]: 1 → 2 CPUs")
    assert "in part only: the rest needs RabbitMQ" in lines
    assert "not true: story g: was not parked" in lines


def test_everything_that_was_asked_for_is_a_row_of_the_table() -> None:
    lines = rendered((TOLD, FAILED))
    assert "(d) CPU alarm approved succeeded vm [1]: 1 → 2 CPUs 512" in lines
    assert "(g) a hard reset nothing - none -" in lines


def test_the_last_line_counts_stories() -> None:
    assert "stories 4 true 2 failed 1 not run 1" == report.last_line((TOLD, PART, FAILED, NOT_RUN))


def test_json_holds_the_same() -> None:
    data = json.loads(json.dumps(report.as_json((TOLD, NOT_RUN), Path("/runs/1"), ["x"])))
    assert ("/runs/1", ["x"]) == (data["files"], data["failures"])
    assert [("d", "true"), ("h", "not run")] == [(story["story"], story["outcome"]) for story in data["stories"]]
    (row,) = data["stories"][0]["actions"]
    assert dict(zip(("what", "decided", "outcome", "effect", "ms"), GOOD, strict=False)) == row


@pytest.mark.parametrize(
    ("tales", "options", "ci", "code"),
    [
        ((TOLD,), [], "", 0),
        ((TOLD, NOT_RUN), [], "", 0),
        ((TOLD, NOT_RUN), ["--strict"], "", 1),
        ((TOLD, NOT_RUN), [], "true", 1),
        ((TOLD, FAILED), [], "", 1),
    ],
)
def test_the_exit_code_is_the_verdict(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    tales: tuple[Tale, ...],
    options: list[str],
    ci: str,
    code: int,
) -> None:
    kafka = Component(name="kafka", kind="kafka", state="running", real=True)

    def told(*_: Any, **__: Any) -> tuple[Cast, tuple[Tale, ...], Path]:
        return Cast(kafka, (), None), tales, Path("/runs/1")

    monkeypatch.setattr(play, "play", told)
    monkeypatch.setenv("CI", ci)
    assert code == cli.run(["demo", "crisis", *options])
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"stories {len(tales)} true ")


def test_the_users_own_simulators_are_not_for_the_crisis(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == cli.run(["demo", "crisis", "--vcenter", "https://vc.example.org/sdk"])
    assert "simulators of its own" in capsys.readouterr().err
