"""The broker of one experiment: a single process, or nodes that fall and come back one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from confluent_kafka.admin import AdminClient

from ops.dev import stack as dev

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

BROKER: Final = "broker"
COORDINATOR: Final = "coordinator"
TIMEOUT: Final = 30.0


class Fall(NamedTuple):
    """A node of a cluster that was killed, and of how many partitions of the topic it was the leader."""

    node: str
    leads: int


def names_broker(who: str) -> bool:
    """Whether a plan means the broker: all of it, one node such as ``broker-2``, or whichever is ``coordinator``."""
    return who in {BROKER, COORDINATOR} or who.startswith(f"{BROKER}-")


class Broker:
    """Kills and starts what a plan names.

    Args:
        state: of the stack that it belongs to.
        bootstrap: where clients reach it.
        topic: whose leaders are counted.
        group: whose coordinator is meant.
        pool: where a start waits until all nodes answer.

    Attributes:
        falls: nodes that were killed, in order.
    """

    def __init__(self, state: Path, bootstrap: str, topic: str, group: str, pool: ThreadPoolExecutor) -> None:
        self.falls: list[Fall] = []
        self._state = state
        self._bootstrap = bootstrap
        self._topic = topic
        self._group = group
        self._pool = pool
        self._starts: list[Future[object]] = []

    def kill(self, who: str) -> None:
        """SIGKILL; waits for what is on its way back, so that at most one node of a cluster is away."""
        self.wait()
        if who == BROKER:
            dev.kill(self._state, "kafka")
            return
        admin = AdminClient({"bootstrap.servers": self._bootstrap})
        node = self._coordinator(admin) if who == COORDINATOR else who
        leaders = [
            each.leader for each in admin.list_topics(self._topic, TIMEOUT).topics[self._topic].partitions.values()
        ]
        dev.kill(self._state, "kafka", process=node)
        self.falls.append(Fall(node, sum(node == _name(leader) for leader in leaders)))

    def start(self) -> None:
        """Have everything run that does not; returns at once."""
        self._starts.append(self._pool.submit(dev.start, self._state, "kafka"))

    def wait(self) -> None:
        """Until what was started answers.

        Raises:
            ReflexarcError: it does not.
        """
        for start in self._starts:
            start.result()

    def _coordinator(self, admin: AdminClient) -> str:
        group = admin.describe_consumer_groups([self._group], request_timeout=TIMEOUT)[self._group].result(TIMEOUT)
        return _name(group.coordinator.id)


def _name(number: int) -> str:
    return f"{BROKER}-{number}"
