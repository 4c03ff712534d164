"""Asking a broker whether it serves."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from ops.dev import ports

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 3.0
_silent = logging.getLogger(f"{__name__}.librdkafka")
_silent.disabled = True


def broker_answers(endpoint: str, security: Mapping[str, str]) -> bool:
    """Whether the broker of this machine at ``endpoint`` gives out metadata that list a broker.

    Args:
        endpoint: ``host:port``.
        security: librdkafka properties for logging in; empty for a plain listener.
    """
    # librdkafka would complain about a refused connection, and wait: look first.
    if not ports.listens(int(endpoint.rpartition(":")[2])):
        return False
    client = AdminClient({"bootstrap.servers": endpoint, **security}, logger=_silent)
    try:
        return bool(client.list_topics(timeout=_SECONDS).brokers)
    except KafkaException:
        return False
