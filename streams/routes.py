"""Routes as data: a look-up by subject, whose cost does not grow with the number of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.config import RouteConfig

Matches = dict[str, tuple[str, ...]]


class RouteTable:
    """An immutable index of routes by exact subject."""

    def __init__(self, routes: Iterable[RouteConfig]) -> None:
        routes = tuple(routes)
        self._without_subject = _chosen(route for route in routes if not route.match.subject)
        subjects = {subject for route in routes for subject in route.match.subject}
        self._by_subject: Mapping[str, Matches] = {
            subject: _chosen(route for route in routes if not route.match.subject or subject in route.match.subject)
            for subject in subjects
        }

    def match(self, subject: str | None) -> Matches:
        """Sinks that must get an event with this subject, each with the routes that say so; O(1).

        Routes that name no subject match every event, also one without a subject.
        """
        if subject is None:
            return self._without_subject
        return self._by_subject.get(subject, self._without_subject)


def _chosen(routes: Iterable[RouteConfig]) -> Matches:
    sinks: dict[str, list[str]] = {}
    for route in routes:
        for sink in route.to:
            sinks.setdefault(sink, []).append(route.name)
    return {sink: tuple(names) for sink, names in sinks.items()}
