"""The demo's configuration: every sink of its cast, and the routes of its stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.demo import killed_worker, log_alert, power_off
from ops.demo.child import free_port
from ops.demo.scene import QUEUE, kafka_section, routes, vcenter_sections

if TYPE_CHECKING:
    from ops.demo.cast import Cast
    from ops.demo.scene import Scene
    from ops.dev.component import Component

# Slower than the events come, so that a kill always finds some on the way.
RECEIVER_DELAY = "0.003"


def document(scene: Scene, cast: Cast, machine: str) -> dict[str, Any]:
    """The configuration of the demo; starts the receivers that it names."""
    subjects: dict[str, tuple[list[str], list[str]]] = {
        "power_off": ([power_off.EVENT], ["functions", "events"]),
        "user_events": ([killed_worker.SUBJECT], ["events"]),
    }
    sinks: dict[str, Any] = {
        "functions": {"type": "openfaas", "gateway": scene.receiver("openfaas", name="functions")},
        "events": {"type": "knative", "uri": scene.receiver("knative", "--delay", RECEIVER_DELAY, name="events")},
    }
    if cast.rabbitmq:
        sinks["vro"] = orchestrator_sink(cast.rabbitmq)
    if cast.live:
        sinks["isolate"] = {
            "type": "vsphere",
            "action": "disconnect-vnic",
            "vcenters": [log_alert.VCENTER],
            "target": "event.metadata.source",
            "allow": [machine],
            "dry_run": False,
        }
    reacting: list[str] = [name for name in ("vro", "isolate") if name in sinks]
    if reacting:
        subjects["infected"] = ([log_alert.ORIGIN], reacting)
    return {
        "kafka": kafka_section(scene.stack, scene.prefix),
        "vcenters": vcenter_sections(scene.stack, poll="100ms"),
        "webhook": {"listen": f"127.0.0.1:{free_port()}"},
        "routes": routes(**subjects),
        "sinks": sinks,
    }


def orchestrator_sink(broker: Component) -> dict[str, Any]:
    """The sink that writes for the Orchestrator's queue."""
    return {
        "type": "rabbitmq",
        "url": broker.endpoint,
        **{key: broker.details[key] for key in ("username", "password_file") if key in broker.details},
        "queue": QUEUE,
        "body": "seed",
        "declare": True,
    }
