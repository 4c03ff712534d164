"""The dead-letter topics that there are, also of sinks that the configuration does not name any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka import admin
from schemas import topics
from schemas.config.names import suggestion
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from schemas.config import Config

RESERVED = (topics.UNDECODABLE, topics.UNROUTABLE)


def known(config: Config) -> tuple[str, ...]:
    """Whose dead letters there may be: the sinks of the configuration, ingest and the router."""
    return (*config.sinks, *RESERVED)


def stored(config: Config) -> list[str]:
    """Whose dead-letter topics the cluster has, sorted; also of sinks that were removed.

    Raises:
        Unreachable: no broker answered.
    """
    start = topics.dead_letter(config.kafka.prefix, "")
    return [name.removeprefix(start) for name in admin.names(config.kafka, start)]


def check(config: Config, name: str, *, sendable: bool) -> None:
    """Refuse a name that nobody has or had.

    Args:
        config: the configuration.
        name: of a sink, or ``ingest`` or ``router``.
        sendable: whether letters shall be sent again: then a topic that is left of a removed sink is not enough.

    Raises:
        ReflexarcError: no sink is called so.
        Unreachable: no broker answered.
    """
    names = known(config)
    if name in names:
        return
    if name not in stored(config):
        raise ReflexarcError(f"no sink is called {name}", cure=suggestion(name, names, none="there are no sinks"))
    if sendable:
        what = f"no sink of the configuration is called {name}, so nobody would deliver what is sent again"
        raise ReflexarcError(what, cure="define it below sinks: again, or `reflexarc dlq drop` its letters")
