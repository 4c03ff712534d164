from __future__ import annotations

from typing import Any

import pytest

from streams.guard import Ledger, urgent
from streams.guard.rules import pause
from tests.streams.guard.asking import NOW, PAUSE, answer, entity, general, guard, host, outcome, request, sink
from tests.streams.guard.asking import guard as made

LATER = NOW + 30


def parked(ledger: Ledger, **said: Any) -> str:
    """A request that waits."""
    decision = made(sink(approval="always")).decide(request(**said), ledger, NOW, paused=None)
    ledger.put(decision)
    assert "parked" == decision.verdict
    return decision.id


def test_what_nothing_forbids_is_approved_and_takes_a_slot() -> None:
    asked = request()
    decision = guard().decide(asked, Ledger(), NOW, paused=None)
    assert ("approved", "", "", False, NOW) == (
        decision.verdict,
        decision.rule,
        decision.reason,
        decision.dry_run,
        decision.at,
    )
    assert decision.slot is not None
    assert ("power-on", "vc1/vm-1", "vc1", "domain-c1") == tuple(decision.slot.model_dump().values())
    assert (asked.id, "act", "https://vc1/sdk", "e1") == (decision.id, decision.sink, decision.source, decision.event)


def test_a_fresh_installation_refuses_and_would_change_nothing() -> None:
    decision = made(allow=(), dry_run=True).decide(request(), Ledger(), NOW, paused=None)
    assert ("refused", "allow", None, True) == (decision.verdict, decision.rule, decision.slot, decision.dry_run)
