"""Where a message goes: exchange and routing key, made of the event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.errors import Reject
from sinks.template import Template

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

SHORT: Final = 255  # bytes of an AMQP short string: routing key, message id, type
EXCHANGE: Final = 127  # characters of the name of an exchange

FROM_VCENTER: Final = "vc.{vcenter}.{eventclass}.{subject}"
"""Routing key of what happened in a vCenter, unless configured."""

FROM_ELSEWHERE: Final = "ce.{type}.{subject}"
"""Routing key of every other event, such as those of the webhook, which have no vCenter, unless configured."""

_NAME: Final = re.compile(r"[a-zA-Z0-9_.:@#,/+ -]*")


class Address(NamedTuple):
    """What a broker routes by; the empty exchange leads to the queue of that name."""

    exchange: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class Routing:
    """How events are addressed.

    Attributes:
        exchange: name of the exchange.
        routing_key: None is the default, which tells events of a vCenter from others.
        queue: instead of both, through the default exchange.
    """

    exchange: Template
    routing_key: Template | None = None
    queue: str | None = None

    @classmethod
    def of(cls, *, exchange: str | None, routing_key: str | None, queue: str | None) -> Routing:
        """The routing that the configuration spells.

        Raises:
            ValueError: a template is wrong.
        """
        return cls(Template.of(exchange or ""), Template.of(routing_key) if routing_key is not None else None, queue)

    @property
    def varies(self) -> bool:
        """Whether the exchange depends on the event."""
        return bool(self.exchange.fields)

    def address(self, event: CloudEvent) -> Address:
        """Where an event goes. Dots within a field of the routing key become ``_``: a field is one word.

        Raises:
            Reject: the broker cannot have an exchange of that name, or the routing key is longer than AMQP allows.
        """
        if self.queue is not None:
            return Address("", self.queue)
        exchange = self.exchange.render(event)
        if not exchange or not possible(exchange) or len(exchange) > EXCHANGE:
            raise Reject(f"no exchange can be called {exchange[:EXCHANGE]!r}")
        template = self.routing_key or (_VCENTER if "vcenter" in event.extensions else _ELSEWHERE)
        key = template.render(event, _word)
        if len(key.encode()) > SHORT:
            raise Reject(f"the routing key would be {len(key.encode())} bytes long, {SHORT} are allowed")
        return Address(exchange, key)


def possible(name: str) -> bool:
    """Whether a queue or exchange may have these characters in its name."""
    return _NAME.fullmatch(name) is not None


def _word(text: str) -> str:
    return text.replace(".", "_")


_VCENTER: Final = Template.of(FROM_VCENTER)
_ELSEWHERE: Final = Template.of(FROM_ELSEWHERE)
