"""Every mistake in a route gets one line: where, what, cure; and exit code 2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.cli.conftest import Outcome

BASE = """\
kafka: {bootstrap: 'localhost:9092'}
sinks:
  a: {type: http, url: 'http://127.0.0.1:1/'}
routes:
"""
WRONG = yaml.safe_load((Path(__file__).parents[2] / "fixtures" / "wrong-routes.yaml").read_text())


def test_there_are_many() -> None:
    assert len(WRONG) >= 60


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_mistake_in_a_route_gets_one_line(
    wrong: dict[str, str], write: Callable[[str], Path], reflexarc: Callable[..., Outcome]
) -> None:
    write(f"{BASE}  - {wrong['route']}\n")
    outcome = reflexarc("check")
    assert (2, "") == (outcome.code, outcome.out)
    assert f"reflexarc.yaml:5 {wrong['problem']}" == outcome.err.strip()
