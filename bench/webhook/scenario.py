"""What is measured: who serves, and how many connections there are."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Who(Enum):
    """Who serves."""

    OURS = "ingest webhook"
    BARE = "bare aiohttp, waits for Kafka"


class Scenario(NamedTuple):
    """One load on one server."""

    who: Who
    connections: int


CONNECTIONS = (1, 32, 256)


def scenarios() -> tuple[Scenario, ...]:
    """All of them; both servers side by side, so that a noisy machine disturbs neighbours alike."""
    return tuple(Scenario(who, connections) for connections in CONNECTIONS for who in Who)
