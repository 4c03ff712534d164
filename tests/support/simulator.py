"""Simulated vCenters of a test's own, whose tasks take their time."""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ops.dev.service import Command, Place
from ops.dev.vcsim import Vcsim
from tests.support.govc import CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_WITHIN = 60.0


class Slow(Vcsim):
    """A simulator with so many machines, in which every task takes at least ``milliseconds``."""

    milliseconds = 0
    machines = 20

    def command(self, process: str) -> Command:
        """As the stack's, and slower."""
        given = super().command(process)
        return Command((*given.argv, f"-task-ms={self.milliseconds}", f"-vms={self.machines}"), given.environ)


@contextmanager
def simulators(
    folder: Path, *names: str, milliseconds: int = 0, machines: int = 20
) -> Iterator[dict[str, dict[str, Any]]]:
    """Run simulators; their sections of the configuration, by name."""
    running, sections = [], {}
    try:
        for name in names:
            place = Place(name, folder / name, CACHE)
            place.folder.mkdir(parents=True, mode=0o700)
            service = Slow(place)
            service.milliseconds, service.machines = milliseconds, machines
            service.prepare(lambda _: None)
            command = service.command("simulator")
            with (place.folder / "simulator.log").open("ab") as log:
                running.append(subprocess.Popen(command.argv, stdout=log, stderr=log, env=dict(command.environ)))
            deadline = time.monotonic() + START_WITHIN
            while not service.answers():
                assert time.monotonic() < deadline, f"{name} does not answer"
                time.sleep(0.05)
            sections[name] = {"url": service.endpoint(), **service.details()}
        yield sections
    finally:
        for process in running:
            process.kill()
            process.wait()
