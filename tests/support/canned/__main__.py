"""Canned vCenters as a process: ``python -m tests.support.canned --vcenter vc1 --rate 300 --journal FOLDER``.

Tells its address on the first line of standard output. Simulators of govmomi keep their last 1,000 events; these keep
all of them, as fast or slow as they are told to come, and go wrong on demand (see ``control``).
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
from pathlib import Path

import trustme
import uvloop
from aiohttp import web

from ops.signals import stop_event
from tests.support.canned.history import History
from tests.support.canned.pages import PAGES, templates
from tests.support.canned.server import Server
from tests.support.canned.vcenter import Vcenter

LOOK = 0.05
"""Seconds between two looks at what is due; a read looks, too."""


async def serve(args: argparse.Namespace) -> None:
    """Until SIGTERM."""
    vcenters = {name: Vcenter(name, _history(name, args)) for name in args.vcenter}
    runner = web.AppRunner(Server(vcenters).app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", args.port, ssl_context=_certified(args.tls) if args.tls else None)
    await site.start()
    stop = asyncio.create_task(stop_event().wait())
    scheme = "https" if args.tls else "http"
    print(f"{scheme}://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201 - said to who started us
    while not stop.done():
        for vcenter in vcenters.values():
            vcenter.history.flush()
        await asyncio.wait([stop], timeout=LOOK)
    await runner.cleanup()
    for vcenter in vcenters.values():
        vcenter.history.close()


def _history(name: str, args: argparse.Namespace) -> History:
    history = History(templates(args.pages), args.journal and args.journal / f"{name}.events")
    if args.history:
        history.look_back(args.history, args.over)
    history.run(args.rate)
    return history


def _certified(folder: Path) -> ssl.SSLContext:
    """A context with a certificate whose authority is in ``ca.pem`` then."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vcenter", action="append", required=True, help="name of one; may be given again")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pages", choices=PAGES, default="all", help="what happens there")
    parser.add_argument("--rate", type=float, default=0.0, help="events a second, at each")
    parser.add_argument("--history", type=int, default=0, help="events that are there from the start")
    parser.add_argument("--over", type=float, default=60.0, help="seconds over which those were created")
    parser.add_argument("--journal", type=Path, help="folder for a list of the events of each")
    parser.add_argument("--tls", type=Path, help="folder for the certificate authority; makes it https")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(serve(_arguments()))
