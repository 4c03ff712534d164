"""``reflexarc`` with one guarantee of remediation switched off, or standing still where a kill shall hit.

The environment variable MUTANT names one of ``MUTANTS``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from ops.cli import main
from streams.guard.ledger import Ledger
from streams.remediation.executing.attempt import Attempt
from streams.remediation.executing.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.remediation.decision import Decision
    from schemas.remediation.intent import Intent
    from schemas.remediation.order import Order
    from sinks.vsphere.actions import Plan
    from streams.remediation.executing.ending import Ending


def skip_the_journal() -> None:
    """The executor begins anew with what it finds unfinished, as if nothing had been written down."""

    async def anew(self: Attempt, intent: Intent) -> Ending:
        del intent
        return await self.carry_out()

    Attempt.resume = anew  # type: ignore[method-assign]


def decide_anew() -> None:
    """The decider forgets what it has decided whenever it is started."""
    begin = Ledger.__init__

    def empty(self: Ledger, decisions: Iterable[Decision] = ()) -> None:
        del decisions
        begin(self)

    Ledger.__init__ = empty  # type: ignore[method-assign]


def halt_before_the_call() -> None:
    """The executor stands still when it has written down what it will ask for."""

    def hang(self: Hands, order: Order, plan: Plan) -> str:
        del self, order, plan
        return _stand_still()

    Hands.start = hang  # type: ignore[method-assign]


def halt_after_the_call() -> None:
    """The executor stands still when the vCenter has answered, before it has written that down."""
    start = Hands.start

    def hang(self: Hands, order: Order, plan: Plan) -> str:
        start(self, order, plan)
        return _stand_still()

    Hands.start = hang  # type: ignore[method-assign]


def _stand_still() -> str:
    sys.stderr.write("\nstanding still\n")
    sys.stderr.flush()
    while True:
        time.sleep(60)


MUTANTS = {
    "skip-the-journal": skip_the_journal,
    "decide-anew": decide_anew,
    "halt-before-the-call": halt_before_the_call,
    "halt-after-the-call": halt_after_the_call,
}

if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    sys.exit(main())
