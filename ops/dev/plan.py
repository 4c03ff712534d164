"""What a stack shall consist of: a pure function of what the user asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ops.dev.component import Kind
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIMULATORS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """One component to have; ``external`` is the address of the user's own."""

    name: str
    kind: Kind
    external: str | None = None


def plan(
    *,
    bootstrap: str | None = None,
    vcenters: Sequence[str] = (),
    amqp: str | None = None,
    only: Sequence[str] | None = None,
) -> tuple[Wanted, ...]:
    """The components of a stack, those of the user's own in place of ours.

    Args:
        bootstrap: ``host:port`` of the user's broker.
        vcenters: URLs of the user's vCenters; any replace both simulators.
        amqp: URL of the user's RabbitMQ.
        only: the kinds to have; None means all.

    Raises:
        ReflexarcError: ``only`` names an unknown kind.
    """
    kinds = get_args(Kind)
    unknown = sorted(set(only or ()) - set(kinds))
    if unknown:
        raise ReflexarcError(f"no such component: {', '.join(unknown)}", cure=f"choose from {', '.join(kinds)}")
    urls: Sequence[str | None] = vcenters or [None] * _SIMULATORS
    every = (
        Wanted("kafka", "kafka", bootstrap),
        *(Wanted(f"vc{number}", "vcsim", url) for number, url in enumerate(urls, start=1)),
        Wanted("rabbitmq", "rabbitmq", amqp),
    )
    return tuple(wanted for wanted in every if only is None or wanted.kind in only)
