from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from ops import cli
from ops.demo import play, report
from ops.demo.cast import Cast
from ops.demo.story import Story
from ops.demo.tally import Tally
from ops.dev.component import Component

if TYPE_CHECKING:
    from collections.abc import Sequence

GOOD = Tally("events (a)", 10, 10, 0, 2, 12.4, 80.0)
BAD = Tally("events (c)", 10, 9, 1, 0, None, None)
TOLD = Story("a", "title a", tallies=(GOOD,))
PART = Story("a", "title a", needs="Go", tallies=(GOOD,))
FAILED = Story("c", "title c", tallies=(BAD,), failures=("one [event] did not arrive",), remarks=("hit 7",))
NOT_RUN = Story("b", "title b", needs="RabbitMQ")


def cast(*, real: bool = True) -> Cast:
    return Cast(Component(name="kafka", kind="kafka", state="running", real=real), (), None)


def rendered(told: Cast, stories: Sequence[Story], failures: Sequence[str] = ()) -> str:
    out = io.StringIO()
    report.render(Console(file=out, width=200), told, stories, Path("/runs/1"), failures)
    return out.getvalue()


def test_what_is_missing_is_no_failure_unless_strict() -> None:
    stories = (PART, NOT_RUN)
    assert [] == report.verdict(cast(real=False), stories, strict=False)
    expected = ["story a: needs Go", "story b: needs RabbitMQ", "no real Kafka"]
    assert expected == report.verdict(cast(real=False), stories, strict=True)


@pytest.mark.parametrize("strict", [True, False])
def test_what_did_not_come_true_is_a_failure(strict: bool) -> None:  # noqa: FBT001 - a parameter
    assert ["story c: one [event] did not arrive"] == report.verdict(cast(), (TOLD, FAILED), strict=strict)


def test_the_last_line_sums_over_all_sinks() -> None:
    assert "sent 20 delivered 19 lost 1 duplicates 2" == report.last_line((TOLD, NOT_RUN, FAILED))


def test_the_last_line_of_nothing_is_zeros() -> None:
    assert "sent 0 delivered 0 lost 0 duplicates 0" == report.last_line((NOT_RUN,))


def test_every_story_is_told_with_its_outcome() -> None:
    text = rendered(cast(), (PART, NOT_RUN, FAILED), ["story c: one [event] did not arrive"])
    assert "(a) true\n    title a\n    in part only: the rest needs Go\n" in text
    assert "(b) not run: needs RabbitMQ\n    title b\n" in text
    assert "(c) failed\n    title c\n    one [event] did not arrive\n    hit 7\n" in text
    assert "not true: story c: one [event] did not arrive" in text
    assert "/runs/1" in text


def test_every_sink_is_a_row_of_the_table() -> None:
    lines = [" ".join(line.split()) for line in rendered(cast(), (TOLD, FAILED)).splitlines()]
    assert ["events (a) 10 10 0 2 12 80", "events (c) 10 9 1 0 - -"] == [
        row for row in lines if row.startswith("events")
    ]


@pytest.mark.parametrize("real", [True, False])
def test_without_real_kafka_no_guarantee_is_claimed(real: bool) -> None:  # noqa: FBT001 - a parameter
    assert real == (report.NO_GUARANTEE not in rendered(cast(real=real), (TOLD,)))


def test_json_holds_the_same() -> None:
    data = json.loads(json.dumps(report.as_json(cast(real=False), (TOLD, NOT_RUN), Path("/runs/1"), ["x"])))
    assert ("stand-in", "/runs/1", ["x"]) == (data["kafka"], data["files"], data["failures"])
    assert ["true", "not run"] == [story["outcome"] for story in data["stories"]]
    assert {"sent": 10, "delivered": 10, "lost": 0, "duplicates": 2} == data["total"]
    (row,) = data["stories"][0]["sinks"]
    assert ("events (a)", 10, 12.4) == (row["sink"], row["sent"], row["p50"])


@pytest.mark.parametrize(
    ("stories", "command", "ci", "code"),
    [
        ((TOLD,), ["demo"], "", 0),
        ((TOLD,), ["demo", "--strict"], "true", 0),
        ((TOLD, NOT_RUN), ["demo"], "", 0),
        ((TOLD, NOT_RUN), ["demo"], "false", 0),
        ((TOLD, NOT_RUN), ["demo", "--strict"], "", 1),
        ((TOLD, NOT_RUN), ["demo"], "true", 1),
        ((TOLD, FAILED), ["demo"], "", 1),
    ],
)
def test_the_exit_code_is_the_verdict(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    stories: tuple[Story, ...],
    command: list[str],
    ci: str,
    code: int,
) -> None:
    def told(*_: Any, **__: Any) -> tuple[Cast, tuple[Story, ...], Path]:
        return cast(), stories, Path("/runs/1")

    monkeypatch.setattr(play, "play", told)
    monkeypatch.setenv("CI", ci)
    assert code == cli.run(command)
    assert re.fullmatch(r"sent \d+ delivered \d+ lost \d+ duplicates \d+", capsys.readouterr().out.splitlines()[-1])
