"""The demo's receivers behind a door: who does not show the expected header gets it back in every part of a 400.

``AUTHORIZATION='Bearer …' python -m tests.support.doorkeeper knative --out FILE``. Real gateways echo requests too.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aiohttp import web

from ops.demo import receivers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ops.demo.receivers import Receiver


@web.middleware
async def door(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    given = request.headers.get("Authorization", "")
    # As at an OpenFaaS gateway: functions are open, listing them is not.
    if request.path.startswith("/function/") or given == os.environ["AUTHORIZATION"]:
        return await handler(request)
    return web.Response(status=400, reason=given, text=given, headers={"WWW-Authenticate": given})


def behind_the_door(kind: Callable[[Receiver], web.Application]) -> Callable[[Receiver], web.Application]:
    def make(receiver: Receiver) -> web.Application:
        app = kind(receiver)
        app.middlewares.append(door)
        return app

    return make


if __name__ == "__main__":
    vars(receivers)["KINDS"] = {name: behind_the_door(kind) for name, kind in receivers.KINDS.items()}
    receivers.main()
