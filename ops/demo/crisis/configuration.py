"""The configuration of the crisis: what may be acted on, and which event asks for what."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from ops.demo.child import free_port
from ops.demo.configuration import orchestrator_sink
from ops.demo.scene import kafka_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from ops.demo.scene import Scene
    from ops.dev.component import Component

CPU: Final = "VM CPU Usage"
STORAGE: Final = "VM Storage Usage"
USAGE: Final = "Datastore usage on disk"
HEARTBEAT: Final = "VM Heartbeat Lost"

BUILT_IN: Final = "notifications"
BY_QUEUE: Final = "orchestrator"
"""Origins of log alerts: one goes to the built-in action, the other one to RabbitMQ. No event goes to both."""

TRUSTED: Final = f"/ingest/webhook/log-alert/{BUILT_IN}"

GROW, MOVE, RELIEVE, ISOLATE, RESET, QUEUE_SINK = "grow", "move", "relieve", "isolate", "reset", "vro"

ELSEWHERE: Final = "LocalDS_1"
"""Where files are moved to; every machine begins on another datastore."""


def document(
    scene: Scene,
    vcenters: Mapping[str, Mapping[str, Any]],
    machines: Mapping[str, Target],
    broker: Component | None,
    *,
    headroom: int,
) -> dict[str, Any]:
    """The whole configuration.

    Args:
        scene: where it plays; the key of answers is written into its folder.
        vcenters: their sections.
        machines: whom the stories are about, by the part that they play.
        broker: RabbitMQ, where there is one.
        headroom: bytes that should be free of the first vCenter's datastore, and are not.
    """
    key = scene.folder / "answer.key"
    key.write_text(secrets.token_urlsafe(32))
    key.chmod(0o600)
    alarms = {GROW: CPU, MOVE: STORAGE, RELIEVE: USAGE, RESET: HEARTBEAT}
    routes: list[dict[str, Any]] = [
        {"name": sink, "match": {"alarm": {"name": alarm, "to": "red"}}, "to": [sink]} for sink, alarm in alarms.items()
    ]
    routes.append({"name": ISOLATE, "match": {"subject": [BUILT_IN]}, "to": [ISOLATE]})
    sinks: dict[str, Any] = {
        GROW: {"action": "scale", "parameters": {"add_cpus": 1, "max_cpus": 8, "add_memory": 0}},
        MOVE: {"action": "storage-move", "parameters": {"to": [ELSEWHERE], "headroom": "1GiB"}},
        RELIEVE: {"action": "storage-move", "parameters": {"to": [ELSEWHERE], "headroom": headroom}},
        ISOLATE: {"action": "disconnect-vnic", "vcenters": ["vc1"], "trusted_senders": [TRUSTED]},
        RESET: {"action": "hard-reset"},
    }
    sinks = {name: {"type": "remediation", **section} for name, section in sinks.items()}
    if broker is not None:
        sinks[QUEUE_SINK] = orchestrator_sink(broker)
        routes.append({"name": QUEUE_SINK, "match": {"subject": [BY_QUEUE]}, "to": [QUEUE_SINK]})
    return {
        "kafka": kafka_section(scene.stack, scene.prefix),
        "vcenters": dict(vcenters),
        "webhook": {"listen": f"127.0.0.1:{free_port()}"},
        "remediation": {
            "dry_run": False,
            "allow": _scopes(machines.values()),
            "deny": _scopes([machines["denied"]]),
            "cool_down": "15m",
            "answer_key_file": str(key),
        },
        "routes": routes,
        "sinks": sinks,
    }


def _scopes(machines: Any) -> list[dict[str, Any]]:
    return [{"names": [each.name], "vcenters": [each.session.name]} for each in machines]
