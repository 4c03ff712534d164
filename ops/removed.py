"""What is left in Kafka of sinks that the configuration does not name any more."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from clients.kafka import admin
from clients.kafka.lag import Lag
from ops.deadletters.desk import Desk
from schemas import topics

if TYPE_CHECKING:
    from schemas.config import Config


class Leftover(NamedTuple):
    """A topic that nobody reads.

    Attributes:
        topic: its name.
        sink: whose it was.
        dead: whether it holds dead letters.
        left: events that nobody delivered, or letters that are open.
    """

    topic: str
    sink: str
    dead: bool
    left: int

    def __str__(self) -> str:
        what = "open dead letters" if self.dead else "undelivered events"
        return f"{self.topic} holds {self.left} {what}, and no sink is called {self.sink} any more; {self._cure()}"

    def _cure(self) -> str:
        if not self.left:
            return "the topic can be deleted"
        if self.dead:
            return f"define it again, or `reflexarc dlq drop --sink {self.sink}`"
        return "define it again to have them delivered, or delete the topic"


def leftovers(config: Config) -> list[Leftover]:
    """Every topic of a removed sink that the cluster shows us, by name; reads dead letters whole.

    Raises:
        Refused: an ACL is missing.
        Unreachable: no broker answered.
    """
    prefix = config.kafka.prefix
    group, client_id = topics.group(prefix, topics.DELIVER), topics.group(prefix, topics.OPERATOR)
    found = []
    with closing(Lag(config.kafka, group, client_id=client_id)) as lag:
        start = topics.sink(prefix, "")
        for topic in admin.names(config.kafka, start):
            sink = topic.removeprefix(start)
            if sink not in config.sinks:
                found.append(Leftover(topic, sink, dead=False, left=lag.of(topic) or 0))
    start = topics.dead_letter(prefix, "")
    for topic in admin.names(config.kafka, start):
        sink = topic.removeprefix(start)
        if sink not in {*config.sinks, topics.UNDECODABLE, topics.UNROUTABLE}:
            with Desk(config.kafka, sink) as desk:
                found.append(Leftover(topic, sink, dead=True, left=desk.counts.open))
    return found
