"""Recorded pages of vCenter events, the stand-in where no simulator can be built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev.service import Service

if TYPE_CHECKING:
    from ops.dev.service import Command, Report

PAGES = Path(__file__).parent / "recorded"


class Recorded(Service):
    """Answers of ``ReadNextEvents``, gzipped XML, one file per page, in the order of their names."""

    kind = "vcsim"
    real = False
    note = "recorded events are played in; no action can be tried"
    processes = ()

    def prepare(self, report: Report) -> None:
        """The pages come with the package."""

    def command(self, process: str) -> Command:
        """Never called: there is no process."""
        raise AssertionError(process)

    def answers(self) -> bool:
        """Always: the pages are files."""
        return True

    def endpoint(self) -> str:
        """``recorded:<folder>``, which the vCenter tail takes as a vCenter's URL."""
        return f"recorded:{PAGES}"
