"""``GET /stats`` as the VMware event router answers it, for dashboards that read its numbers."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import web

from ingest.webhook.translation import problem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.receiver import Receiver

PATH: Final = "/stats"


class Stats:
    """The counters of this process, of its endpoints of type event-router together.

    Args:
        receivers: of these endpoints, at least one; whoever passes the door of the first may read.
        listen: where the server listens, as the configuration has it.
    """

    def __init__(self, receivers: Sequence[Receiver], listen: str) -> None:
        self._receivers = receivers
        self._listen = listen
        self._started = datetime.now(UTC)
        self._since = monotonic()

    async def answer(self, request: web.Request) -> web.Response:
        """The numbers now, or what the door says."""
        first = self._receivers[0]
        try:
            first.admit(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets a clear answer and no traceback
            return first.refused(problem_of(error, request))
        return web.Response(body=orjson.dumps(self._document()), content_type="application/json", charset="utf-8")

    def _document(self) -> dict[str, Any]:
        seconds = monotonic() - self._since
        total = sum(receiver.events for receiver in self._receivers)
        load = dict(zip(("Load1", "Load5", "Load15"), os.getloadavg(), strict=True))
        provider = {
            "type": "EventProvider",
            "address": self._listen,
            "started": self._started.isoformat().replace("+00:00", "Z"),
            "events_total": total,
            "events_err": sum(receiver.failures for receiver in self._receivers),
            "events_per_sec": round(total / seconds, 2) if seconds > 0 else 0.0,
        }
        return {
            "cmdline": ["reflexarc", "ingest", "webhook"],
            "reflexarc.processes": 1,
            "system.allLoad": load,
            "system.lastLoad": load["Load1"],
            "system.numberOfSeconds": int(seconds),
            "system.programName": "reflexarc",
            "vmware.event.router.stats": {"webhook": provider},
        }
