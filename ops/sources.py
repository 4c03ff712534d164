"""The files that the configuration of this process comes from, and whether they have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config import load
from schemas.config.routes import FOLDER
from sinks.registry import SINKS, model
from streams.routing.route import route_faults

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from schemas.config import Config


class Files:
    """The configuration file, the files of ``routes.d`` beside it, and the pattern files that its routes name.

    Attributes:
        read: the stamp of the files before they were last read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._patterns: tuple[Path, ...] = ()
        self.read: Hashable = None

    def load(self) -> Config:
        """The validated configuration.

        Raises:
            ConfigError: with every problem of the files.
        """
        while True:
            self.read = self.stamp()
            config = load(self._path, sink_models=model, sink_types=tuple(SINKS), route_faults=route_faults)
            named = (reference.file for route in config.routes for reference in route.match.references())
            patterns = tuple(sorted({file for file in named if file is not None}))
            if patterns == self._patterns:
                return config
            self._patterns = patterns  # read once more, so that the stamp is older than all that was read

    def stamp(self) -> Hashable:
        """Time, size and number of every file; a folder that a link leads to may be exchanged whole."""
        folder = self._path.parent / FOLDER
        files = [self._path, *sorted(folder.glob("*.y*ml")), *self._patterns]
        return tuple((str(file), _stamp(file)) for file in files)


def _stamp(file: Path) -> Hashable:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
