"""How many partitions the topics of an app have, seen once before it joins its group."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaException

from clients.kafka.errors import Connection
from clients.kafka.options import construct
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from streams.transport.explain import Explain

TIMEOUT = 30.0
PROPAGATION = 5.0
"""Seconds until a topic that was just made is known to every broker."""


def partition_counts(
    options: Mapping[str, Any], sources: Sequence[str], changelogs: Sequence[str], *, explain: Explain
) -> dict[str, int]:
    """Partitions by topic; blocks.

    Raises:
        Refused: a topic is missing, or a changelog has not as many partitions as the sources.
        Unreachable: no broker answers.
    """
    connection = Connection()
    consumer = construct(Consumer, {**options, "error_cb": connection.heard})
    try:
        counts = _counts(consumer, {*sources, *changelogs})
    except KafkaException as error:
        raise explain(error.args[0], doing="list topics", connection=connection) from error
    finally:
        consumer.close()
    for changelog in changelogs:
        _verify(changelog, counts, sources)
    return counts


def _counts(consumer: Consumer, wanted: AbstractSet[str]) -> dict[str, int]:
    deadline = monotonic() + PROPAGATION
    while True:
        known = consumer.list_topics(timeout=TIMEOUT).topics
        missing = wanted - set(known)
        if not missing:
            return {name: len(known[name].partitions) for name in wanted}
        if monotonic() > deadline:
            raise Refused(f"{', '.join(sorted(missing))}: no such topic", cure="run `reflexarc topics create`")
        sleep(0.2)


def _verify(changelog: str, counts: Mapping[str, int], sources: Sequence[str]) -> None:
    expected = {counts[source] for source in sources}
    if expected != {counts[changelog]}:
        raise Refused(
            f"{changelog} has {counts[changelog]} partitions, its sources have {', '.join(map(str, sorted(expected)))}:"
            " tables would not find their keys",
            cure="make the changelog anew with as many partitions, and let the table be rebuilt from its source",
        )
