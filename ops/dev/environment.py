"""The running stack in the words of whoever uses it: a shell, or our configuration file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Component, Status

_SINK = "queue"


def exports(status: Status) -> Iterator[str]:
    """One ``export`` line for each thing to know, such as ``REFLEXARC_VC1_ENDPOINT``; passwords stay in files."""
    for part in status.components:
        values = {"endpoint": part.endpoint, **part.details}
        for key, value in values.items():
            if value:
                yield f"export REFLEXARC_{part.name.upper()}_{key.upper()}={shlex.quote(value)}"


def configuration(status: Status) -> dict[str, Any]:
    """A configuration file for this stack: its vCenters, and every event into a queue of its RabbitMQ."""
    document: dict[str, Any] = {}
    for broker in status.of_kind("kafka"):
        login = dict(broker.details)
        document["kafka"] = {"bootstrap": broker.endpoint, "replication": int(login.pop("replication", 1))}
        if "protocol" in login:
            document["kafka"]["security"] = login
    vcenters = {part.name: {"url": part.endpoint, **part.details} for part in status.of_kind("vcsim") if part.real}
    if vcenters:
        document["vcenters"] = vcenters
    for broker in status.of_kind("rabbitmq"):
        if broker.real:
            document["routes"] = [{"name": "everything", "to": _SINK}]
            document["sinks"] = {_SINK: _queue(broker)}
    return document


def _queue(broker: Component) -> dict[str, Any]:
    return {"type": "rabbitmq", "url": broker.endpoint, **broker.details, "queue": "events", "declare": True}
