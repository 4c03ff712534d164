"""The crisis, as a user tells it."""

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

APPROVED = ("approved", "succeeded")


def test_every_story_of_the_crisis_comes_true(stack: Status, state: Path) -> None:
    assert "kafka" in {part.kind for part in stack.components}
    done = subprocess.run(
        [sys.executable, "-m", "ops", "demo", "crisis", "--strict", "--json", "--state", str(state)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (0, []) == (done.returncode, json.loads(done.stdout or "{}").get("failures")), done.stderr
    told = {
        (story["story"], row["what"]): (row["decided"], row["outcome"])
        for story in json.loads(done.stdout)["stories"]
        for row in story["actions"]
    }
    assert {
        ("d", "CPU alarm"): APPROVED,
        ("e", "storage alarm"): APPROVED,
        ("e", "datastore alarm, machine 1"): APPROVED,
        ("e", "datastore alarm, machine 2"): APPROVED,
        ("f", "log line"): APPROVED,
        ("f", "log line, by RabbitMQ"): ("by the Orchestrator", "-"),
        ("g", "the same alarm again"): ("refused by cool-down", "-"),
        ("g", "a machine in deny"): ("refused by deny", "-"),
        ("g", "a hard reset"): ("parked, approved by cli/second-operator", "succeeded"),
        ("g", "with the kill switch pulled"): ("refused by pause", "-"),
        ("h", "killed while it acts"): APPROVED,
    } == told
