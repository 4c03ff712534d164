"""The example configurations are right, and harmless to try."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from ingest.webhook.adapters.log_alert import to_event
from ops.cli.example import EXAMPLE
from tests.docs import pages

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = pages.ROOT / "docs" / "examples"
SHOWN = (*sorted(pages.ROOT.joinpath("docs").rglob("*.md")), *sorted(FOLDER.glob("*.yaml")))
SENDERS = re.compile(r"trusted_senders: \[(.*?)\]")
ALERT = b"""{"origin": "%s", "event": {"created_on": "2026-01-02T12:00:00Z", "message": "I am infected",
  "metadata": {"full_message": "I am infected", "source": "test01"}}}"""
FILES = sorted(FOLDER.glob("*.yaml"))
PAGE = pages.ROOT / "docs" / "remediation.md"


def text(file: Path) -> str:
    return file.read_text()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_passes_check_with_no_note_but_that_it_runs_dry(file: Path, tmp_path: Path) -> None:
    """As an operator would copy it, with the secrets that it names beside it."""
    for name in re.findall(r"_file: ([\w.-]+)", text(file)):
        (tmp_path / name).write_text("hunter2-of-the-example-long-enough-for-a-key")
    copy = tmp_path / file.name
    copy.write_text(text(file))
    done = subprocess.run(
        [sys.executable, "-m", "ops", "--config", str(copy), "check"], capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)
    notes = [line for line in done.stdout.splitlines() if line.startswith("note:")]
    assert [] == [note for note in notes if "remediation.dry_run is on" not in note]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_that_acts_runs_dry(file: Path) -> None:
    given = yaml.safe_load(text(file))
    acts = any(sink["type"] == "remediation" for sink in given["sinks"].values())
    assert (given["remediation"]["dry_run"] is True) if acts else "remediation" not in given


def test_every_example_is_linked() -> None:
    assert [file.name for file in FILES] == sorted(re.findall(r"\]\(examples/(\S+\.yaml)\)", text(PAGE)))


def test_a_trusted_sender_of_an_example_is_a_source_that_log_alerts_have() -> None:
    """One that no event has would trust nobody, and say nothing."""
    shown = [sender for given in (EXAMPLE, *map(text, SHOWN)) for sender in SENDERS.findall(given)]
    assert 4 <= len(shown)
    assert [to_event(ALERT % sender.rpartition("/")[2].encode()).source for sender in shown] == shown
