"""What waits for the sinks."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from clients.kafka.lag import Lag
from schemas import topics

if TYPE_CHECKING:
    from schemas.config import Config


def backlogs(config: Config) -> dict[str, int | None]:
    """How much each sink has still before it, by name; None when its topic, or that of the events, is not there.

    Of a sink that reads from the events that is what waits in its topic, and all events that it has still to choose
    among: whether it will take them is not known.

    Raises:
        Refused: an ACL is missing.
        Unreachable: the brokers are away.
    """
    prefix = config.kafka.prefix
    names = {name: topics.sink(prefix, name) for name in config.sinks}
    waiting = _lags(config, topics.group(prefix, topics.DELIVER), *names.values())
    found = {name: waiting[topic] for name, topic in names.items()}
    for name in topics.reading_events(config):
        own, events = found[name], topics.events(prefix)
        before = _lags(config, topics.deliver_group(prefix, name), events)[events]
        found[name] = None if own is None or before is None else own + before
    return found


def _lags(config: Config, group: str, *names: str) -> dict[str, int | None]:
    with closing(Lag(config.kafka, group, client_id=topics.group(config.kafka.prefix, topics.OPERATOR))) as lag:
        return lag.of_all(names)
