"""Which routes act: their fingerprint, and the word that they do."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson

from clients.kafka.notice import notice, timestamp
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from schemas.config import RouteConfig

TYPE: Final = "com.reflexarc.routes.activated"
LENGTH: Final = 16
MOST_NAMES: Final = 1_000


def fingerprint(routes: Iterable[RouteConfig]) -> str:
    """16 hexadecimal digits that tell one set of routes from any other; the order of the routes counts."""
    return sha256(orjson.dumps([_plain(route) for route in routes])).hexdigest()[:LENGTH]


def activated(
    prefix: str, instance: str, before: Iterable[RouteConfig], after: Iterable[RouteConfig], now: datetime
) -> Outgoing:
    """The record for the audit topic: which routes a router follows from now on, and what is different."""
    old, new = ({route.name: _plain(route) for route in routes} for routes in (before, after))
    hashed = fingerprint(after)
    return notice(
        topics.audit(prefix),
        TYPE,
        name=f"{instance}/{hashed}/{timestamp(now)}",
        source=f"/{topics.group(prefix, topics.ROUTER)}/{instance}",
        subject=hashed,
        now=now,
        data={
            "hash": hashed,
            "previous": fingerprint(before) if old else None,
            "routes": len(new),
            "added": _named(name for name in new if name not in old),
            "removed": _named(name for name in old if name not in new),
            "changed": _named(name for name in new if name in old and new[name] != old[name]),
        },
    )


def _named(names: Iterable[str]) -> list[str]:
    """Names for a record that must not outgrow its topic."""
    found = list(names)
    return found if len(found) <= MOST_NAMES else [*found[:MOST_NAMES], f"and {len(found) - MOST_NAMES} more"]


def _plain(route: RouteConfig) -> dict[str, object]:
    """All that makes the route what it is, with what its pattern files held."""
    plain = route.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return plain | {"files": [reference.content for reference in route.match.references() if reference.content]}
