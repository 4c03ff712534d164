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


def brokers_known(endpoint: str, security: Mapping[str, str]) -> int:
    """How many brokers the one of this machine at ``endpoint`` lists in its metadata; 0 when it does not answer.

    Args:
        endpoint: ``host:port``.
        security: librdkafka properties for logging in; empty for a plain listener.
    """
    # librdkafka would complain about a refused connection, and wait: look first.
    if not ports.listens(int(endpoint.rpartition(":")[2])):
        return 0
    client = AdminClient({"bootstrap.servers": endpoint, **security}, logger=_silent)
    try:
        return len(client.list_topics(timeout=_SECONDS).brokers)
    except KafkaException:
        return 0
