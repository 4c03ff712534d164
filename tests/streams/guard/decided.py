"""Decisions, to be changed by what a test is about."""

from __future__ import annotations

from typing import Any

from schemas.remediation.decision import Decision, Slot
from tests.streams.guard.asking import NOW, request


def slot(**said: Any) -> Slot:
    """What ``request()`` takes."""
    given = {"action": "power-on", "entity": "vc1/vm-1", "vcenter": "vc1", "cluster": "domain-c1"}
    return Slot.model_validate(given | said)


def approved(number: int, *, at: float = NOW, on: Slot | None = None, **said: Any) -> Decision:
    """An approval."""
    return decision(number, "approved", at=at, slot=on or slot(), **said)


def refused(number: int, *, at: float = NOW, **said: Any) -> Decision:
    """A refusal."""
    return decision(number, "refused", at=at, rule="allow", reason="web-1 fits nothing in remediation.allow", **said)


def parked(number: int, *, at: float = NOW, on: Slot | None = None, **said: Any) -> Decision:
    """One that waits, for an hour."""
    given = {"slot": on or slot(), "expires": at + 3600, "request": request(f"e{number}"), "rule": "approval"}
    return decision(number, "parked", at=at, **(given | said))


def decision(number: int, verdict: Any, **said: Any) -> Decision:
    """One with the id of that number."""
    given = {"sink": "act", "source": "https://vc1/sdk", "event": f"e{number}", "dry_run": False}
    return Decision(id=f"{number:016x}", verdict=verdict, **(given | said))
