"""The routes of an installation: those of the configuration file, and those of the files in ``routes.d`` beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.config.document import dotted
from schemas.config.file import read
from schemas.config.match import MatchConfig, as_tuple, not_empty
from schemas.config.model import Model
from schemas.config.names import SinkName, VcenterName
from schemas.config.reading import Reading
from schemas.config.route import RouteConfig
from schemas.config.wording import unknown_key
from schemas.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from schemas.config.document import Path as At
    from schemas.config.scope import Scope

FOLDER: Final = "routes.d"


Names = TypeVar("Names")
"""References of one kind, VcenterName or SinkName."""

OneOrMoreOf = Annotated[
    tuple[Names, ...], BeforeValidator(as_tuple, json_schema_input_type=str | list[str]), AfterValidator(not_empty)
]


class OwnerConfig(Model):
    """Who a file of routes belongs to, and what its routes may touch."""

    name: str = Field(description="Team or person, for whoever reads it.")
    vcenters: OneOrMoreOf[VcenterName] | None = Field(None, description="Only events of these; default: of all.")
    sinks: OneOrMoreOf[SinkName] | None = Field(None, description="Only these may be named; default: all.")


class RoutesFile(Model):
    """One file in routes.d."""

    owner: OwnerConfig | None = Field(None, description="Whose routes these are, and what they may touch.")
    routes: tuple[RouteConfig, ...] = Field((), description="As in the configuration file.")


class Routes:
    """Reads routes, file by file; names are unique over all of them.

    Args:
        faults: what is wrong with a route beyond its shape: path below the route, what, cure.
    """

    def __init__(self, faults: Callable[[RouteConfig], Iterable[tuple[At, str, str]]]) -> None:
        self._faults = faults
        self._names: dict[str, str] = {}
        self.found: list[RouteConfig] = []
        self.problems: list[Problem] = []

    def read(self, reading: Reading, *, file: str = "", owner: OwnerConfig | None = None) -> None:
        """Take the routes of one file."""
        for at, given in enumerate(reading.items("routes")):
            place: At = ("routes", at)
            route = reading.model(RouteConfig, place, given)
            if route is None:
                continue
            first = self._names.setdefault(route.name, f"{file} {dotted(place)}".strip())
            if first != f"{file} {dotted(place)}".strip():
                reading.fault((*place, "name"), f"{route.name} is already the name of {first}", "rename one")
            for where, what, cure in (*self._faults(route), *_trespasses(route, owner)):
                reading.fault((*place, *where), what, cure)
            self.found.append(_within(route, owner))

    def read_folder(self, folder: Path, scope: Scope) -> None:
        """Take the routes of every ``*.yaml`` and ``*.yml`` file in the folder, by name; it need not be there."""
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
        except FileNotFoundError:
            return
        except OSError as error:
            what = f"cannot be read: {(error.strerror or 'unknown').lower()}"
            self.problems.append(Problem("", what, "let this user read the folder", file=FOLDER))
            return
        for path in paths:
            name = f"{FOLDER}/{path.name}"
            document = read(path)
            if document.problems:
                self.problems += [replace(problem, file=name) for problem in document.problems]
                continue
            reading = Reading(document, scope, file=name)
            for key in document.data:
                if key not in RoutesFile.model_fields:
                    reading.fault((key,), *unknown_key(key, list(RoutesFile.model_fields)))
            given: Any = document.data.get("owner")
            owner = reading.model(OwnerConfig, ("owner",), given) if given is not None else None
            self.read(reading, file=name, owner=owner)
            self.problems += reading.problems


def _trespasses(route: RouteConfig, owner: OwnerConfig | None) -> Iterator[tuple[At, str, str]]:
    if owner is not None and owner.sinks is not None:
        for sink in route.to:
            if sink not in owner.sinks:
                cure = f"name one of {', '.join(owner.sinks)}, or let owner.sinks have it"
                yield ("to",), f"{sink} is not a sink of {owner.name}", cure


def _within(route: RouteConfig, owner: OwnerConfig | None) -> RouteConfig:
    """The route as it acts: only on the owner's vCenters."""
    if owner is None or owner.vcenters is None:
        return route
    own = MatchConfig(vcenter=owner.vcenters)
    match = route.match.model_copy(update={"all": (*(route.match.all or ()), own)})
    return route.model_copy(update={"match": match})
