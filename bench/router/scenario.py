"""What the router is told in one run: routes, the subjects of the load, and how much of it they choose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import orjson

from bench.transport import load
from schemas.config.document import parse
from schemas.errors import ConfigError, Problem
from streams.filters.compile import COMPILERS
from streams.filters.view import View
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from schemas.config import RouteConfig

SINK: Final = "chosen"
SUBJECTS: Final = 100
FIELD: Final = "field0"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One set of routes over one load.

    Attributes:
        title: name in the tables.
        routes: as in the configuration; wherever they lead, it is one sink.
        subjects: how many take turns in the load.
    """

    title: str
    routes: tuple[Mapping[str, Any], ...]
    subjects: int = SUBJECTS

    def to(self, sink: str) -> list[dict[str, Any]]:
        """The routes, leading to this sink."""
        return [{**route, "to": [sink]} for route in self.routes]

    def chosen(self, routes: Iterable[RouteConfig], events: int) -> int:
        """How many of so many events of the load these routes, read from a configuration, choose."""
        index = RouteIndex(compile_routes(routes))
        loaded = islice(load.records(names(self.subjects)), events)
        return sum(bool(index.match(View.of_record(_binary(headers), value))) for _, value, headers in loaded)


ONE: Final = "reflexarc, 1 route"
MANY: Final = "reflexarc, 10,000 routes"
EVERYWHERE: Final = "reflexarc, 10,000 routes, 10,000 subjects come"
SELECTIVE: Final = "reflexarc, 1 of 20 subjects matches"
DATA: Final = "reflexarc, 1 route by data"
MANY_DATA: Final = "reflexarc, 100 routes by data"


def built_in() -> Iterator[Scenario]:
    """Every scenario that this version of the router can be told; all of the load matches but in ``SELECTIVE``."""
    yield Scenario(ONE, by_subject(1))
    yield Scenario("reflexarc, 100 routes", by_subject(100))
    yield Scenario("reflexarc, 1,000 routes", by_subject(1_000))
    yield Scenario(MANY, by_subject(10_000))
    yield Scenario(EVERYWHERE, by_subject(10_000), subjects=10_000)
    yield Scenario(SELECTIVE, ({"name": "one", "match": {"subject": _name(0)}},), subjects=20)
    if "data" in COMPILERS:
        yield Scenario(DATA, by_data(1))
        yield Scenario(MANY_DATA, by_data(100))


def read(path: Path) -> Scenario:
    """A scenario of one's own: a YAML file whose ``routes:`` are as in the configuration.

    Raises:
        ConfigError: it cannot be read, or has no such list.
    """
    try:
        document = parse(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [Problem("", f"cannot be read: {error}", "name a YAML file")]) from error
    if document.problems:
        raise ConfigError(str(path), document.problems)
    if not isinstance(document.data, dict) or not isinstance(document.data.get("routes"), list):
        raise ConfigError(str(path), [Problem("routes", "is no list of routes", "write them as in the configuration")])
    return Scenario(path.stem, tuple(document.data["routes"]))


def by_subject(number: int) -> tuple[dict[str, Any], ...]:
    """So many routes on subjects of their own, which share ``SUBJECTS``; those that are left over never see theirs."""
    return tuple(
        {
            "name": f"route-{which}",
            "match": {"subject": [_name(each) for each in range(which, SUBJECTS, number)] or [_name(which)]},
        }
        for which in range(number)
    )


def by_data(number: int) -> tuple[dict[str, Any], ...]:
    """So many routes that share the values that one field of the data has."""
    values = [orjson.loads(value)[FIELD] for _, value, _ in islice(load.records(), load.KEYS)]
    return tuple(
        {"name": f"route-{which}", "match": {"data": {FIELD: values[which::number]}}} for which in range(number)
    )


def names(subjects: int) -> list[bytes]:
    """The subjects of a load."""
    return [_name(number).encode() for number in range(subjects)]


def _name(number: int) -> str:
    return f"Subject{number}Event"


def _binary(headers: load.Headers) -> Sequence[tuple[str, bytes | None]]:
    return [(name, value.encode() if isinstance(value, str) else value) for name, value in headers]
