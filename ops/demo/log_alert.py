"""Story (b): a log line "I am infected" reaches the Orchestrator's queue and disconnects the machine."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
import uuid
from typing import TYPE_CHECKING, Any

import orjson

from ops.demo import simulators
from ops.demo.story import Stage, Story, arrivals, json_object
from ops.demo.tally import Tally, tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.session import Session

TITLE = "a log alert \"I am infected\" is POSTed; the Orchestrator's queue has it and the VM's vNICs are disconnected"
ORIGIN = "notifications"
VCENTER = "vc1"
MACHINE_NUMBER = 7


def machine(sessions: Mapping[str, Session]) -> str:
    """The machine that this story isolates; a made-up name without simulators."""
    session = sessions.get(VCENTER)
    return simulators.machine_names(session, MACHINE_NUMBER)[-1] if session else "test01"


def play(stage: Stage, *, queue: bool) -> Story:
    """Post the alert; ``queue`` says whether there is a RabbitMQ to wait for."""
    session, name = stage.sessions.get(VCENTER), machine(stage.sessions)
    if session:
        simulators.connect(session, name)
    alert, at = uuid.uuid4().hex, time.time()
    stage.report(f"(b) posting the log alert of {name}")
    status = post(f"{stage.webhook}/alerts/log", body(alert, name))
    if status != 202:
        return Story("b", TITLE, failures=(f"the webhook answered {status}, not 202",))
    tallies: list[Tally] = []
    if queue:
        sent: dict[str, float | None] = {alert: at}
        tallies.append(tally("vro (b)", sent, arrivals(stage, "orchestrator", sent, alert_id)))
    if session:
        off = stage.wait_for(lambda: not any(map(any, simulators.connections(session, name))))
        tallies.append(tally("isolate (b)", {name: at}, [(name, off)] if off else []))
    parts = (("RabbitMQ", queue), ("Go for the simulators", session))
    needs = ", ".join(what for what, there in parts if not there)
    failures = tuple(f"{row.sink}: nothing arrived" for row in tallies if row.lost)
    return Story("b", TITLE, needs=needs, tallies=tuple(tallies), failures=failures)


def body(alert: str, name: str, origin: str = ORIGIN) -> bytes:
    """The alert as the seed's log system sends it."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = f"<13>1 {now} {name} root 938543 - - I am infected"
    event = {
        "event_id": alert,
        "created_on": now,
        "message": "Self-healing datacenter",
        "metadata": {"full_message": line, "source": name},
    }
    return orjson.dumps({"origin": origin, "event": event})


def post(url: str, data: bytes, headers: Mapping[str, str] | None = None) -> int:
    """POST JSON; the status."""
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def alert_id(entry: dict[str, Any]) -> str:
    """The id of the alert that the Orchestrator has read."""
    return str(json_object(entry["body"]).get("event", {}).get("event_id", ""))
