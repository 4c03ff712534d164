"""The files that the configuration of this process comes from, and whether they have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config import load
from schemas.config.routes import FOLDER
from sinks.registry import SINKS, model
from streams.routing.route import route_faults

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from pathlib import Path

    from schemas.config import Config, MatchConfig


class Files:
    """The configuration file, the files of ``routes.d`` beside it, and the pattern files that its routes name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._patterns: tuple[Path, ...] = ()

    def load(self) -> Config:
        """The validated configuration.

        Raises:
            ConfigError: with every problem of the files.
        """
        config = load(self._path, sink_models=model, sink_types=tuple(SINKS), route_faults=route_faults)
        self._patterns = tuple({file for route in config.routes for file in _patterns(route.match)})
        return config

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


def _patterns(match: MatchConfig) -> Iterator[Path]:
    if match.pattern is not None and not isinstance(match.pattern, dict) and match.pattern.file:
        yield match.pattern.file
    for nested in (*(match.all or ()), *(match.any or ()), *((match.not_,) if match.not_ else ())):
        yield from _patterns(nested)
