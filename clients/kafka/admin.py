"""Topics in the cluster: wait for a broker, create, compare, count. Calls block; services use a thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from clients.kafka.cluster import Cluster
from clients.kafka.drift import Drift, TopicState, compare
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.config import KafkaConfig
    from schemas.topics import Topic

    Report = Callable[[str], None]

_FIRST_PROBE: Final = 1.0  # seconds to wait for an answer the first time, twice as long each time after it
_LONGEST_PROBE: Final = 4.0  # a service that is asked to stop meanwhile does so after this one
_LOOK: Final = 0.1  # seconds between two questions whether to stop, in a pause
_ANSWER: Final = 5.0  # seconds to wait for the answer that must come now
_SPREAD: Final = 120.0  # seconds within which a new topic must have its leaders

STAND_IN: Final = "this broker is librdkafka's in-process stand-in: it keeps nothing, so no promise holds here"
"""What is reported where topics cannot be compared."""


class Created(NamedTuple):
    """What ``create`` did, by topic name."""

    created: tuple[str, ...]
    existing: tuple[str, ...]


class Drifted(Refused):
    """Topics are not as the table says.

    Attributes:
        drifts: every difference that was found.
    """

    def __init__(self, drifts: Sequence[Drift]) -> None:
        cures = dict.fromkeys(drift.cure for drift in drifts)
        super().__init__("; ".join(map(str, drifts)), cure="; ".join(cures))
        self.drifts = tuple(drifts)


class Stopped(Unreachable):
    """No broker had answered when the process was asked to stop; who asked for that has nothing to report."""


def wait_for_broker(
    config: KafkaConfig,
    *,
    report: Report,
    timeout: float | None = None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Return as soon as a broker answers; try again with growing pauses until then.

    Args:
        config: the ``kafka`` part of the configuration.
        report: called with one sentence per failed attempt; an exception it raises ends the wait.
        timeout: seconds to keep trying; None has no end.
        stopped: whether to give up; asked between attempts, at most four seconds apart. Pass ``Event.is_set``.

    Raises:
        Stopped: ``stopped`` said so before a broker answered.
        Unreachable: no broker has answered within ``timeout``.
        Refused: a broker answered, and refuses us.
    """
    end = float("inf") if timeout is None else time.monotonic() + timeout
    probe = _FIRST_PROBE
    while True:
        _check(stopped)
        try:
            Cluster(config).reach(timeout=max(0.1, min(probe, end - time.monotonic())))
        except Unreachable as error:
            _check(stopped)
            if time.monotonic() >= end:
                raise
            report(f"{error.message}; trying again")
            _pause(min(time.monotonic() + probe / 4, end), stopped)
            probe = min(2 * probe, _LONGEST_PROBE)
        else:
            return


def create(config: KafkaConfig, topics: Sequence[Topic], *, report: Report) -> Created:
    """Create the topics that are missing; returns when each of them can be used.

    Running it again changes nothing. A topic that differs from the table is never altered. The stand-in of the demo
    makes topics as it likes, and is not compared.

    Args:
        config: the ``kafka`` part of the configuration.
        topics: what must be there afterwards.
        report: called with one line per topic.

    Raises:
        Drifted: an existing topic differs from the table; nothing was created.
        Refused: the cluster does not allow it.
        Unreachable: no broker answered.
    """
    cluster = _reached(config)
    if cluster.stands_in:
        report(STAND_IN)
        cluster.mention(topics)
        return Created(created=tuple(topic.name for topic in topics), existing=())
    states = cluster.states(topics)
    if found := [drift for state in states for drift in compare(state) if drift.kind != "missing"]:
        raise Drifted(found)
    if missing := [state.topic for state in states if not state.partitions]:
        cluster.create(missing)
        _await_spread(cluster, missing)
    for state in states:
        report(f"{state.topic.name} {'exists' if state.partitions else 'created'}")
    return Created(
        created=tuple(topic.name for topic in missing),
        existing=tuple(state.topic.name for state in states if state.partitions),
    )


def drift(config: KafkaConfig, topics: Sequence[Topic]) -> list[Drift]:
    """Every difference between the cluster and the table.

    Raises:
        Refused: the cluster does not let us see a topic.
        Unreachable: no broker answered.
    """
    return _drift(_reached(config), topics)


def verify(config: KafkaConfig, topics: Sequence[Topic], *, report: Report) -> None:
    """What a service asks before it starts; differences that break no promise are only reported.

    The stand-in of the demo promises nothing: its topics are mentioned, so that they exist, and not compared.

    Raises:
        Drifted: at least one topic endangers a promise.
        Refused: the cluster does not let us see a topic.
        Unreachable: no broker answered.
    """
    cluster = _reached(config)
    if cluster.stands_in:
        report(STAND_IN)
        cluster.mention(topics)
        return
    found = _drift(cluster, topics)
    for one in found:
        if not one.endangers:
            report(f"{one}; {one.cure}")
    if endangering := [one for one in found if one.endangers]:
        raise Drifted(endangering)


def describe(config: KafkaConfig, topics: Sequence[Topic]) -> list[TopicState]:
    """Each topic as the cluster has it, in the order given, with the number of its records.

    Raises:
        Refused: the cluster does not let us see a topic.
        Unreachable: no broker answered.
    """
    cluster = _reached(config)
    return cluster.counted(cluster.states(topics))


def names(config: KafkaConfig, start: str) -> list[str]:
    """Every topic of the cluster that we may see and whose name begins so, sorted.

    Raises:
        Refused: credentials are missing.
        Unreachable: no broker answered.
    """
    return _reached(config).names(start)


def _check(stopped: Callable[[], bool] | None) -> None:
    if stopped is not None and stopped():
        raise Stopped("asked to stop before a broker answered")


def _pause(end: float, stopped: Callable[[], bool] | None) -> None:
    while (left := end - time.monotonic()) > 0:
        _check(stopped)
        time.sleep(min(left, _LOOK))


def _drift(cluster: Cluster, topics: Sequence[Topic]) -> list[Drift]:
    return [found for state in cluster.states(topics) for found in compare(state)]


def _reached(config: KafkaConfig) -> Cluster:
    cluster = Cluster(config)
    cluster.reach(timeout=_ANSWER)
    return cluster


def _await_spread(cluster: Cluster, topics: Sequence[Topic]) -> None:
    """Wait until the new topics have leaders; somebody else may have created one meanwhile, and differently."""
    end = time.monotonic() + _SPREAD
    while True:
        states = cluster.counted(cluster.states(topics))
        if found := [one for state in states for one in compare(state) if one.kind != "missing"]:
            raise Drifted(found)
        waiting = [state.topic.name for state in states if not state.partitions or state.records is None]
        if not waiting:
            return
        if time.monotonic() > end:
            raise Unreachable(f"{waiting[0]} was created, but has no leader", cure="run it again")
        time.sleep(0.1)
