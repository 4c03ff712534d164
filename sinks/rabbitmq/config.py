"""``type: rabbitmq`` in the configuration."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from schemas.config import Fault, ReadableFile, Secret
from sinks.authorization import check_secrecy
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormatKey  # noqa: TC001 - pydantic reads it
from sinks.rabbitmq.declare import Declare, Name, check_exchange, check_name, check_queue
from sinks.rabbitmq.message import Body  # noqa: TC001 - pydantic reads it
from sinks.rabbitmq.routing import EXCHANGE, FROM_ELSEWHERE, FROM_VCENTER, SHORT
from sinks.template import LONGEST, Template, TemplateText
from sinks.tls import check_authority


def _amqp_url(value: Any) -> str:
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in {"amqp", "amqps"} and bool(parts.hostname) and parts.port != 0
    except (AttributeError, TypeError, ValueError):
        well_formed = False
    if not well_formed:
        raise Fault("is not an amqp or amqps URL", "write it as amqps://host:port/vhost")
    if "@" in parts.netloc:
        raise Fault("holds credentials", "remove them from the URL, write username and password_file")
    if parts.query or parts.fragment:
        raise Fault("has a query or fragment", "end the URL after the virtual host")
    return str(value)


def _exchange(text: str) -> str:
    literal = Template.of(text).literal
    if len(literal) > EXCHANGE:
        raise Fault(f"is longer than {EXCHANGE} characters", "write the name of an exchange")
    check_name(literal)
    return text


def _body(value: Any) -> Any:
    if value == "data":
        raise Fault(
            "cannot be the data alone any more: their reader would not know which event they are",
            "write cloudevent, and read the member data; or seed, for the workflows of log alerts",
        )
    return value


AmqpUrl = Annotated[
    str, BeforeValidator(_amqp_url), WithJsonSchema({"type": "string", "pattern": "^amqps?://[^@?#]+$"})
]


class RabbitMqConfig(SinkConfig):
    """Which broker, who we are there, and where messages go."""

    type: Literal["rabbitmq"] = Field("rabbitmq", description="Which connector.")
    url: AmqpUrl = Field(description="Address of the broker, without credentials: amqps://host:5671/vhost.")
    username: str = Field(min_length=1, description="Account that may publish.")
    password: Secret = Field(description="Password of the account.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the broker (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow amqp:// to other machines.")
    queue: Name | None = Field(None, min_length=1, max_length=SHORT, description="Queue that takes the messages.")
    exchange: Annotated[TemplateText, AfterValidator(_exchange)] | None = Field(
        None, min_length=1, max_length=LONGEST, description="Exchange, instead of a queue; a template."
    )
    routing_key: TemplateText | None = Field(
        None,
        max_length=LONGEST,
        description="Routing key at the exchange, a template; "
        f"default: {FROM_VCENTER}, of an event that has no vCenter {FROM_ELSEWHERE}.",
    )
    declare: Declare = Field(
        None, description="Create what is not there; true: the queue, durable and classic; default: nothing."
    )
    unroutable: Literal["wait", "dead-letter"] = Field(
        "wait", description="When no queue takes a message: wait until somebody has mended the bindings, or give it up."
    )
    body: Annotated[Body, BeforeValidator(_body)] = Field(
        "cloudevent", description="cloudevent: all of it as JSON; seed: the message of the seed's workflows."
    )
    type_format: TypeFormatKey = "vsphere"

    @model_validator(mode="after")
    def _is_consistent(self) -> RabbitMqConfig:
        check_secrecy(self.url, insecure=self.insecure, field="url")
        check_authority(self.ca_file, insecure=self.insecure)
        if (self.queue is None) == (self.exchange is None):
            raise Fault("must be given, or exchange, and not both", "write queue: <name>", field="queue")
        if self.queue is not None and self.routing_key is not None:
            raise Fault("has no effect with a queue", "remove one of the two", field="routing_key")
        if self.declare is not None and self.queue is not None:
            check_queue(self.declare)
        elif self.declare is not None:
            check_exchange(self.declare, varies=bool(Template.of(self.exchange or "").fields))
        return self
