"""Which sinks of the routes one process serves: the router those with topics, a sink that reads the events itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.routing.route import Route


@dataclass(frozen=True, slots=True)
class Reach:
    """A part of what the routes say.

    Attributes:
        sinks: those that are served.
        throttles: whether throttled routes are, whatever sinks they lead to: what passes comes by way of topics.
    """

    sinks: frozenset[str]
    throttles: bool

    def of(self, routes: Iterable[Route]) -> tuple[Route, ...]:
        """The routes as far as they are served."""
        return tuple(self._within(routes))

    def _within(self, routes: Iterable[Route]) -> Iterator[Route]:
        for route in routes:
            if route.grouping is not None:
                if self.throttles:
                    yield route
            elif sinks := tuple(sink for sink in route.sinks if sink in self.sinks):
                yield replace(route, sinks=sinks)
