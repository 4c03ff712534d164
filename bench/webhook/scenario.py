"""What is measured: who serves, with how many processes, and how many connections there are."""

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
    processes: int = 1

    @property
    def load(self) -> str:
        """All of it but who serves, in words."""
        return f"{self.connections} connections" + (f", {self.processes} processes" if self.processes > 1 else "")

    @property
    def bare(self) -> Scenario:
        """The same load on the bare handler."""
        return self._replace(who=Who.BARE)


CONNECTIONS = (1, 32, 256)
LOADS = ((1, 1), (32, 1), (32, 2), (256, 1), (256, 2))
"""Connections and processes: a lone connection would be at one process anyway."""


def scenarios() -> tuple[Scenario, ...]:
    """All of them; both servers side by side, so that a noisy machine disturbs neighbours alike."""
    return tuple(Scenario(who, *load) for load in LOADS for who in Who)
