"""The guardrails alone: how many requests one core decides on."""

from __future__ import annotations

import time
from typing import NamedTuple

from bench.remediation.asking import LIMITS, SINKS, storm
from schemas.config.remediation import RemediationConfig
from sinks.remediation import RemediationSinkConfig
from streams.guard.guard import Guard
from streams.guard.ledger import Ledger


class Pure(NamedTuple):
    """What the guard did.

    Attributes:
        decided: requests.
        seconds: it took.
        approved: of them.
    """

    decided: int
    seconds: float
    approved: int


def run(count: int, machines: int) -> Pure:
    """Decide on a storm."""
    sinks = {name: RemediationSinkConfig.model_validate({"name": name, **given}) for name, given in SINKS.items()}
    guard, ledger = Guard(RemediationConfig.model_validate(LIMITS), sinks), Ledger()
    requests = list(storm(count, machines, sinks["grow"].parameters.model_dump(mode="json")))
    approved, began = 0, time.perf_counter()
    for request in requests:
        decision = guard.decide(request, ledger, request.asked, paused=None)
        ledger.put(decision)
        approved += decision.verdict == "approved"
    return Pure(count, time.perf_counter() - began, approved)
