"""Story (f): a log line "I am infected" cuts a machine off, by the built-in action and by the Orchestrator."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from ops.demo import log_alert
from ops.demo.crisis import machines
from ops.demo.crisis.configuration import BUILT_IN, BY_QUEUE, ISOLATE
from ops.demo.crisis.tale import Row, row, told

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from ops.demo.crisis.tale import Crisis, Tale

TITLE: Final = 'a log line "I am infected" is POSTed; the machine that wrote it is cut off the network'
ACCEPTED: Final = 202


def play(crisis: Crisis, *, queue: bool) -> Tale:
    """Post the alerts; ``queue`` says whether there is a RabbitMQ for the second one."""
    rows = [_built_in(crisis, crisis.machines["isolated"])]
    if queue:
        rows.append(_by_the_orchestrator(crisis, crisis.machines["by_orchestrator"]))
    return told("f", TITLE, *rows, needs="" if queue else "RabbitMQ")


def _built_in(crisis: Crisis, machine: Target) -> Row:
    _, at, status = _post(crisis, machine, BUILT_IN)
    if status != ACCEPTED:
        return _not_taken("built-in action", status)
    deed, off = crisis.end(ISOLATE, machine), machines.is_cut_off(machine)
    return row("log line", deed, at, _effect(machine, off=off), decided="approved", outcome="succeeded", true=off)


def _by_the_orchestrator(crisis: Crisis, machine: Target) -> Row:
    what = "log line, by RabbitMQ"
    alert, at, status = _post(crisis, machine, BY_QUEUE)
    if status != ACCEPTED:
        return _not_taken(what, status)
    done = crisis.wait_for(lambda: machines.is_cut_off(machine))
    read = [log_alert.alert_id(entry) for entry in crisis.scene.received("orchestrator")].count(alert)
    effect = _effect(machine, off=done is not None)
    faults = () if done and read == 1 else (f"{what}: the Orchestrator has read it {read} times; {effect}",)
    return Row(what, "by the Orchestrator", "-", effect, 1000 * (done - at) if done else None, faults)


def _post(crisis: Crisis, machine: Target, origin: str) -> tuple[str, float, int]:
    alert, at = uuid.uuid4().hex, time.time()
    crisis.report(f"(f) {machine.name} logs that it is infected, {origin} posts it")
    status = log_alert.post(f"{crisis.webhook}/alerts/log", log_alert.body(alert, machine.name, origin))
    return alert, at, status


def _not_taken(what: str, status: int) -> Row:
    return Row(what, "nothing", "-", "none", None, (f"{what}: the webhook answered {status}, not {ACCEPTED}",))


def _effect(machine: Target, *, off: bool) -> str:
    return f"{machine.name}: {'no adapter is connected' if off else 'is connected'}"
