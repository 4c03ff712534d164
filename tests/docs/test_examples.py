"""The example configurations are right, and harmless to try."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.docs import pages

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = pages.ROOT / "docs" / "examples"
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
