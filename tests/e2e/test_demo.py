"""The three stories, as a user tells them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack


def test_the_demo_tells_three_stories_and_every_one_comes_true(stack: Status, state: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops", "demo", "--strict", "--json", "--state", str(state)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (0, []) == (done.returncode, json.loads(done.stdout or "{}").get("failures")), done.stderr
    outcome = json.loads(done.stdout)
    assert "real" == outcome["kafka"]
    counts = {row["sink"]: (row["sent"], row["lost"]) for story in outcome["stories"] for row in story["sinks"]}
    assert counts == {
        "functions (a)": (10, 0),
        "events (a)": (10, 0),
        "vro (b)": (1, 0),
        "isolate (b)": (1, 0),
        "events (c)": (2000, 0),
    }
