"""``reflexarc`` for the fault tests of the router: with one guarantee switched off, or at rest with events in hand.

The environment variable MUTANT names one of ``MUTANTS``. After SIGUSR1 the next publish never begins; after SIGUSR2
the process stops before its next publish, as by SIGSTOP, and goes on with it after SIGCONT. Either way standard error
has a line with the word, partition and offset of the last event in hand.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from ops.cli import main
from schemas.deadletters import ORIGIN
from streams.routing.router import Router
from tests.e2e.mutants import router_reports_early

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing

HOLDING: Final = "holding"
SLEEPING: Final = "sleeping"


def publishes_backwards() -> None:
    """A chunk is published from its end."""
    publish = Router._publish

    async def backwards(self: Router, outgoing: list[Outgoing]) -> None:
        await publish(self, outgoing[::-1])

    Router._publish = backwards  # type: ignore[method-assign]


MUTANTS: Final = {
    "router-reports-early": router_reports_early,
    "publishes-backwards": publishes_backwards,
}


def obey_signals() -> None:
    """Rest with events in hand when asked to."""
    publish, asked = Router._publish, SimpleQueue[int]()
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, lambda number, _: asked.put(number))

    async def obey(self: Router, outgoing: list[Outgoing]) -> None:
        if outgoing and not asked.empty():
            if asked.get() == signal.SIGUSR1:
                say(HOLDING, outgoing)
                await asyncio.Event().wait()
            say(SLEEPING, outgoing)
            os.kill(os.getpid(), signal.SIGSTOP)
        await publish(self, outgoing)

    Router._publish = obey  # type: ignore[method-assign]


def say(word: str, outgoing: list[Outgoing]) -> None:
    origin = dict(outgoing[-1].headers)[ORIGIN] or b""
    sys.stderr.write(f"\n{word} {origin.decode()}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    obey_signals()
    main()
