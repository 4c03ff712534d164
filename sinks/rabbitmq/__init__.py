"""``type: rabbitmq``: one persistent message per event, for vRO's AMQP plug-in and every other reader of a queue."""

from sinks.rabbitmq.sink import RabbitMqSink

__all__ = ["RabbitMqSink"]
