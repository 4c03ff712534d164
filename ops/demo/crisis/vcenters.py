"""Two simulated vCenters of the crisis' own: its stories change them for good, and its tasks take their time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ops.demo.story import wait_for
from ops.dev.service import Command, Place, Unobtainable
from ops.dev.vcsim import Vcsim
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.demo.scene import Scene

NAMES: Final = ("vc1", "vc2")
START_WITHIN: Final = 60.0

SLOW: Final = {"vc1": 300, "vc2": 4000}
"""Milliseconds of every task: in the second one there is time to kill who waits for its end."""


class Simulator(Vcsim):
    """A simulator with few machines and slow tasks."""

    machines: ClassVar = 12

    def command(self, process: str) -> Command:
        """As the stack's, and slower."""
        given = super().command(process)
        return Command((*given.argv, f"-task-ms={SLOW[self.place.name]}", f"-vms={self.machines}"), given.environ)


def start(scene: Scene, cache: Path, report: Callable[[str], None]) -> dict[str, dict[str, Any]]:
    """Their sections of the configuration, by name, once they answer; none where they cannot be had.

    Raises:
        Unreachable: one does not answer in a minute.
    """
    services = []
    with suppress(Unobtainable):
        for name in NAMES:
            folder = scene.folder / name
            folder.mkdir(parents=True, mode=0o700)
            service = Simulator(Place(name, folder, cache))
            service.prepare(report)
            services.append(service)
    sections = {}
    for service in services:
        command = service.command(service.processes[0])
        child = scene.begin_program(service.place.name, command.argv, command.environ)
        if wait_for(service.answers, START_WITHIN, check=scene.check) is None:
            raise Unreachable(f"simulator {child.name} does not answer", cure=f"see {child.log}")
        sections[service.place.name] = {"url": service.endpoint(), **service.details(), "poll": "100ms"}
    return sections
