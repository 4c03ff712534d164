"""``GET /stats`` as the VMware event router answers it, for dashboards that read its numbers."""

from __future__ import annotations

import os
from time import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from aiohttp import web

from ingest.webhook import counters, totals
from ingest.webhook.translation import problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.webhook.probes import Probes
    from ingest.webhook.receiver import Receiver
    from schemas.config import Config

PATH: Final = "/stats"

PROCESSORS: Final = {
    "openfaas": ("openfaas", "gateway"),
    "knative": ("knative", "uri"),
    "eventbridge": ("aws_event_bridge", "bus"),
}
"""Types of sinks that the event router had, too: its name for them, and the setting that says where the sink is."""


class Sources(NamedTuple):
    """What the configuration says of those whose numbers are told.

    Attributes:
        listen: where the server listens.
        probes: of all other processes.
        vcenters: addresses of the vCenters.
        sinks: the event router's name for the type of each sink that it had, too, and the sink's address.
    """

    listen: str
    probes: Probes
    vcenters: Sequence[str] = ()
    sinks: Mapping[str, tuple[str, str]] = {}

    @classmethod
    def of(cls, config: Config, listen: str, probes: Probes) -> Sources:
        """Those of an installation."""
        sinks = {
            name: (kind, str(getattr(sink, setting, None) or name))
            for name, sink in config.sinks.items()
            for kind, setting in [PROCESSORS.get(sink.type, ("", ""))]
            if kind
        }
        return cls(listen, probes, [vcenter.url for vcenter in config.vcenters.values()], sinks)


class Stats:
    """The counters of all processes, of the endpoints of type event-router together.

    Args:
        receivers: of these endpoints, by path, at least one; whoever passes the door of the first may read.
        sources: what there is besides.
    """

    def __init__(self, receivers: Mapping[str, Receiver], sources: Sources) -> None:
        self._first = next(iter(receivers.values()))
        self._paths = frozenset(receivers)
        self._sources = sources

    async def answer(self, request: web.Request) -> web.Response:
        """The numbers now, or what the door says."""
        try:
            self._first.admit(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets a clear answer and no traceback
            return self._first.refused(problem_of(error, request))
        others = await self._sources.probes.read()
        told = {
            **machine(),
            **totals.document(
                self._sources,
                self._paths,
                [*counters.distinct([counters.own(), *filter(None, others)])],
                unreachable=others.count(None),
                now=time(),
            ),
        }
        return web.Response(body=orjson.dumps(told), content_type="application/json", charset="utf-8")


def machine() -> dict[str, Any]:
    """The load of the machine, over 1, 5 and 15 minutes."""
    load = dict(zip(("Load1", "Load5", "Load15"), os.getloadavg(), strict=True))
    return {"system.allLoad": load, "system.lastLoad": load["Load1"]}
