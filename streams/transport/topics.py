"""How many partitions the topics of an app have, seen once before it joins its group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaException

from clients.kafka.errors import Connection
from clients.kafka.options import construct
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.transport.explain import Explain

TIMEOUT = 30.0


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
        known = consumer.list_topics(timeout=TIMEOUT).topics
    except KafkaException as error:
        raise explain(error.args[0], doing="list topics", connection=connection) from error
    finally:
        consumer.close()
    counts = {name: len(known[name].partitions) for name in (*sources, *changelogs) if name in known}
    missing = sorted({*sources, *changelogs} - set(counts))
    if missing:
        raise Refused(f"{', '.join(missing)}: no such topic", cure="run `reflexarc topics create`")
    for changelog in changelogs:
        _verify(changelog, counts, sources)
    return counts


def _verify(changelog: str, counts: Mapping[str, int], sources: Sequence[str]) -> None:
    expected = {counts[source] for source in sources}
    if expected != {counts[changelog]}:
        raise Refused(
            f"{changelog} has {counts[changelog]} partitions, its sources have {', '.join(map(str, sorted(expected)))}:"
            " tables would not find their keys",
            cure="make the changelog anew with as many partitions, and let the table be rebuilt from its source",
        )
