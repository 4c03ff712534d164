"""How a Kafka error becomes an instruction; the wiring binds ``clients.kafka.errors.explain`` to one cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

    from clients.kafka.errors import Connection
    from schemas.errors import ReflexarcError


class Explain(Protocol):
    """``Unreachable`` means wait, ``Refused`` that a person must act, anything else that this client has ended."""

    def __call__(self, error: KafkaError, *, doing: str, connection: Connection) -> ReflexarcError:
        """The instruction for an error that interrupted ``doing`` on a connection."""


class ExplainHere(Protocol):
    """The same for one connection."""

    def __call__(self, error: KafkaError, *, doing: str) -> ReflexarcError:
        """The instruction for an error that interrupted ``doing``."""
