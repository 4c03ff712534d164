"""Whether Kafka is there, asked before a command reads from it: reading itself waits longer, and says nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from clients.kafka import admin

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

WITHIN: Final = 4.0
"""Seconds in which a broker must answer."""


def await_broker(config: KafkaConfig) -> None:
    """Return once a broker answers; after a second it is said on stderr what is waited for.

    Raises:
        Unreachable: none does within ``WITHIN``.
        Refused: one refuses us.
    """
    admin.wait_for_broker(config, report=_say, timeout=WITHIN)


def _say(line: str) -> None:
    sys.stderr.write(f"· {line}\n")
    sys.stderr.flush()
