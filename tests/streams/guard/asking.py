"""Requests, and a guard that allows everything, to be changed by what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from schemas.config.remediation import RemediationConfig
from schemas.control import Pause
from schemas.remediation.answer import Answer
from schemas.remediation.cause import Cause
from schemas.remediation.entity import Entity
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import Request, request_id
from sinks.remediation import RemediationSinkConfig
from streams.guard import Guard, Ledger
from streams.guard.limits import Limits
from streams.guard.question import Question

NOW = 1_780_000_000.0
"""2026-05-28 20:26:40 UTC, a Thursday."""

ALLOW = ({"names": "*"},)

PAUSE = Pause(actor="cli/eve", reason="a fire drill", since=datetime(2026, 5, 28, tzinfo=UTC))


def general(**said: Any) -> RemediationConfig:
    """The limits of all: no dry run, everything allowed."""
    return RemediationConfig.model_validate({"dry_run": False, "allow": ALLOW} | said)


def sink(action: str = "power-on", name: str = "act", **said: Any) -> RemediationSinkConfig:
    """A sink; of an action that other releases have, too."""
    made = RemediationSinkConfig.model_validate({"name": name, "type": "remediation", "action": "power-on"} | said)
    return made.model_copy(update={"action": action})


def entity(number: int = 1, **said: Any) -> Entity:
    """A machine, of which everything is known."""
    given = {
        "vcenter": "vc1",
        "moref": f"vm-{number}",
        "kind": "VirtualMachine",
        "name": f"web-{number}",
        "folder": "/DC0/vm/web",
        "cluster": "domain-c1",
        "host": "host-1",
        "tags": ("env/prod",),
    }
    return Entity.model_validate(given | said)


def host(number: int = 1, **said: Any) -> Entity:
    """A host."""
    given = {"moref": f"host-{number}", "kind": "HostSystem", "name": f"esx-{number}", "folder": "/DC0/host"}
    return entity(number, **(given | said))


def cause(id: str = "e1", **said: Any) -> Cause:  # noqa: A002 - the attribute
    """An event of a vCenter, a minute ago."""
    given = {
        "source": "https://vc1/sdk",
        "id": id,
        "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "subject": "VmPoweredOffEvent",
        "time": NOW - 60,
        "vcenter": "vc1",
    }
    return Cause.model_validate(given | said)


def request(
    event: str = "e1", *, on: Entity | None = None, caused: dict[str, Any] | None = None, **said: Any
) -> Request:
    """What sink ``act`` asks for that event."""
    made = cause(event, **(caused or {}))
    target = entity() if on is None else on
    given = {
        "sink": "act",
        "action": "power-on",
        "scope": target.vcenter,
        "entity": target,
        "cause": made,
        "requester": "sink/act",
        "clock_offset": 0.0,
        "asked": NOW,
    } | said
    return Request.model_validate(
        {"id": request_id(given["sink"], made.source, made.id, given.get("part", 0)), **given}
    )


def question(
    asked: Request | None = None,
    ledger: Ledger | None = None,
    *,
    now: float = NOW,
    paused: Pause | None = None,
    sink: RemediationSinkConfig = sink(),  # noqa: B008 - frozen
    **said: Any,
) -> Question:
    """A question under ``general(**said)``."""
    return Question(asked or request(), Limits.of(general(**said), sink), ledger or Ledger(), now, paused)


def guard(*sinks: RemediationSinkConfig, **said: Any) -> Guard:
    """A guard under ``general(**said)``."""
    return Guard(general(**said), {each.name: each for each in sinks or (sink(),)})


def answer(to: str, **said: Any) -> Answer:
    """A person's yes."""
    return Answer.model_validate({"id": to, "scope": "vc1", "approve": True, "person": "cli/anna", "at": NOW} | said)


def outcome(of: str, state: Any = "succeeded", *, at: float = NOW, scope: str = "vc1") -> Outcome:
    """How it ended."""
    return Outcome(id=of, scope=scope, state=state, at=at)
