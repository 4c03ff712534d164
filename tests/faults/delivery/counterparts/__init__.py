"""What each connector delivers to, by the connector's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.faults.delivery.counterparts.file import File
from tests.faults.delivery.counterparts.kafka import Kafka
from tests.faults.delivery.counterparts.rabbitmq import RabbitMq
from tests.faults.delivery.counterparts.served import eventbridge, http, knative, openfaas, smtp, vro

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.delivery.counterparts.base import Counterpart, Place

COUNTERPARTS: Final[Mapping[str, Callable[[Place], Counterpart]]] = {
    "eventbridge": eventbridge,
    "file": File,
    "http": http,
    "kafka": Kafka,
    "knative": knative,
    "openfaas": openfaas,
    "rabbitmq": RabbitMq,
    "smtp": smtp,
    "vro": vro,
}
