"""The driver that Faust loads by URL."""

from __future__ import annotations

from typing import ClassVar

from confluent_kafka import version
from faust.transport.base import Transport as FaustTransport

from streams.transport.consumer import Consumer
from streams.transport.producer import Producer


class Transport(FaustTransport):
    """``reflexarc://``: the connection itself is described by ``TransportApp.consumer_options``."""

    Consumer: ClassVar = Consumer
    Producer: ClassVar = Producer
    default_port = 9092
    driver_version = f"confluent-kafka={version()}"
