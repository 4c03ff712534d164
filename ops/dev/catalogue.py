"""Which programs can provide a component, best first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.dev.kafka import Kafka
from ops.dev.kafka_node import CLUSTER
from ops.dev.mock_broker import MockBroker
from ops.dev.rabbitmq import RabbitMQ
from ops.dev.recorded import Recorded
from ops.dev.vcsim import Vcsim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.dev.component import Kind
    from ops.dev.service import Place, Service

SERVICES: Mapping[str, Callable[[Place], Service]] = {
    "apache": Kafka,
    "apache-secure": partial(Kafka, secure=True),
    "apache-cluster": partial(Kafka, brokers=CLUSTER),
    "apache-cluster-secure": partial(Kafka, brokers=CLUSTER, secure=True),
    "mock": MockBroker,
    "govmomi": Vcsim,
    "recorded": Recorded,
    "debian": RabbitMQ,
}


def variants(kind: Kind, *, secure: bool, brokers: int) -> tuple[str, ...]:
    """The services to try for a component, in this order.

    A secure broker and a cluster have no stand-in: the mock broker knows neither TLS nor ACLs, and no node of it can be
    killed.
    """
    if kind == "kafka" and brokers > 1:
        return ("apache-cluster-secure",) if secure else ("apache-cluster",)
    if kind == "kafka":
        return ("apache-secure",) if secure else ("apache", "mock")
    return ("govmomi", "recorded") if kind == "vcsim" else ("debian",)
