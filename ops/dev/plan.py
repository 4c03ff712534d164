"""What a stack shall consist of: a pure function of what the user asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ops.dev.component import Kind
from ops.dev.kafka_node import CLUSTER
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIMULATORS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """One component to have.

    Attributes:
        name: of the component.
        kind: of the component.
        external: the address of the user's own.
        brokers: nodes of Kafka; None is as many as it was made with, and at first one.
    """

    name: str
    kind: Kind
    external: str | None = None
    brokers: int | None = None


def plan(
    *,
    bootstrap: str | None = None,
    vcenters: Sequence[str] = (),
    amqp: str | None = None,
    only: Sequence[str] | None = None,
    brokers: int | None = None,
) -> tuple[Wanted, ...]:
    """The components of a stack, those of the user's own in place of ours.

    Args:
        bootstrap: ``host:port`` of the user's broker.
        vcenters: URLs of the user's vCenters; any replace both simulators.
        amqp: URL of the user's RabbitMQ.
        only: the kinds to have; None means all.
        brokers: nodes of our Kafka, 1 or 3; None is as many as it was made with, and at first one.

    Raises:
        ReflexarcError: ``only`` names an unknown kind, or there is no Kafka of ours with so many ``brokers``.
    """
    if brokers not in (None, 1, CLUSTER):
        raise ReflexarcError(f"no Kafka of {brokers} brokers can be run here", cure=f"choose 1 or {CLUSTER}")
    if brokers and bootstrap:
        raise ReflexarcError("the number of brokers is for our Kafka, not for yours", cure="leave out --brokers")
    kinds = get_args(Kind)
    unknown = sorted(set(only or ()) - set(kinds))
    if unknown:
        raise ReflexarcError(f"no such component: {', '.join(unknown)}", cure=f"choose from {', '.join(kinds)}")
    urls: Sequence[str | None] = vcenters or [None] * _SIMULATORS
    every = (
        Wanted("kafka", "kafka", bootstrap, brokers),
        *(Wanted(f"vc{number}", "vcsim", url) for number, url in enumerate(urls, start=1)),
        Wanted("rabbitmq", "rabbitmq", amqp),
    )
    return tuple(wanted for wanted in every if only is None or wanted.kind in only)
