"""What the broker is to have before the first message: ``declare`` of ``type: rabbitmq``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.config import Fault, Model
from sinks.rabbitmq.routing import SHORT, possible


def check_name(text: str) -> str:
    """``text``, if a queue or exchange may have these characters in its name; a fault otherwise."""
    if not possible(text):
        raise Fault("has a character that no name may have there", "use letters, digits, blanks and _ . : @ # , / + -")
    return text


Name = Annotated[str, AfterValidator(check_name)]


class DeclareConfig(Model):
    """What is created, durable, when it is not there."""

    exchange: Literal["topic", "direct", "fanout"] | None = Field(
        None, description="Create the sink's exchange, of this type."
    )
    queue: Name | None = Field(
        None, min_length=1, max_length=SHORT, description="Create this queue and bind it to the sink's exchange."
    )
    queue_type: Literal["quorum", "classic"] = Field(
        "quorum", description="Kind of the queue; quorum: copies on several nodes of the broker."
    )
    bindings: tuple[Annotated[str, Field(max_length=SHORT)], ...] = Field(
        ("#",), max_length=100, description="Binding keys of the queue at the exchange."
    )


def check_queue(declare: DeclareConfig) -> None:
    """Whether it fits a sink with a queue.

    Raises:
        Fault: it names what such a sink has no use for.
    """
    if declare.model_fields_set - {"queue_type"}:
        cure = "keep only queue_type there, or write exchange instead of queue"
        raise Fault("names more than a message to a queue needs", cure, field="declare")


def check_exchange(declare: DeclareConfig, *, varies: bool) -> None:
    """Whether it fits a sink with an exchange; ``varies``: which one depends on the event.

    Raises:
        Fault: it says too little, or what cannot be done.
    """
    if declare.exchange is None and declare.queue is None:
        cure = "write {exchange: topic, queue: <name>}, or remove it"
        raise Fault("does not say what to create beside an exchange", cure, field="declare")
    if declare.queue is None and declare.model_fields_set & {"bindings", "queue_type"}:
        raise Fault("says how to bind a queue, and names none", "write queue: <name> below it", field="declare")
    if varies:
        cure = "create those exchanges at the broker, or give one without fields"
        raise Fault("cannot create an exchange whose name depends on the event", cure, field="declare")


def _spelled(value: Any) -> Any:
    if isinstance(value, bool):
        return DeclareConfig(queue_type="classic") if value else None
    return value


Declare = Annotated[DeclareConfig | None, BeforeValidator(_spelled, json_schema_input_type=bool | DeclareConfig | None)]
"""``true`` is the durable queue of releases before quorum queues could be asked for."""
