"""Routes that have one event acted on twice for the same purpose."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import Config, SinkConfig

ACTING: Final = frozenset({"vsphere", "remediation"})
"""Types of sinks that act on vSphere themselves."""

VRO: Final = "vro"
"""Type of a sink that starts workflows elsewhere: what they do cannot be read from the configuration."""


def doubles(config: Config) -> Iterator[Problem]:
    """A problem for each pair of sinks of one route that would both act on the same event, for all that can be told.

    Two that act do, when they have the same action and a vCenter in common; one that acts does beside one of type
    ``vro``. Routes that are off, and a sink that says ``beside_others: true``, are fine.
    """
    for route in config.routes:
        for first, second in combinations(route.to if route.enabled else (), 2):
            what = _both(config, config.sinks[first], config.sinks[second])
            if what:
                yield Problem(
                    f"routes.{route.name}.to",
                    f"{first} and {second} would both act on one event: {what}",
                    f"leave one out, or write beside_others: true at sinks.{_named(config, first, second)}",
                )


def _both(config: Config, first: SinkConfig, second: SinkConfig) -> str:
    """Why both act; empty when they do not."""
    acting: list[Any] = [sink for sink in (first, second) if sink.type in ACTING]
    if not acting or any(sink.beside_others for sink in acting):
        return ""
    if VRO in {first.type, second.type}:
        return f"{acting[0].name} by {acting[0].action}, the other by a workflow"
    if len(acting) < 2 or acting[0].action != acting[1].action:
        return ""
    meet = not set(_vcenters(config, acting[0])).isdisjoint(_vcenters(config, acting[1]))
    return f"by {acting[0].action}" if meet else ""


def _vcenters(config: Config, sink: Any) -> tuple[str, ...]:
    return sink.vcenters or tuple(config.vcenters)


def _named(config: Config, first: str, second: str) -> str:
    """The one of the two that acts itself; the second where both do."""
    return second if config.sinks[second].type in ACTING else first
