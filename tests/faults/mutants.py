"""The worker on a transport with one guarantee switched off, named by the environment variable MUTANT.

A fault test that stays green under its mutant proves nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from streams.transport.lease import Lease
from streams.transport.ledger import Ledger
from tests.faults.sink import FileSink
from tests.faults.worker import main

if TYPE_CHECKING:
    from streams.transport import Record


def acknowledge_early() -> None:
    """A record is reported before it is delivered."""
    deliver = FileSink.deliver

    async def early(self: FileSink, lease: Lease, record: Record) -> None:
        async with lease.work():
            lease.done(record.offset)
        await deliver(self, lease, record)

    FileSink.deliver = early  # type: ignore[method-assign]


def commit_last_plus_one() -> None:
    """The commit follows the last record handed out, not the first unfinished one."""
    committable = Ledger.committable

    def last(self: Ledger) -> int | None:
        position = committable(self)
        return self._delivered[-1][0] + 1 if self._delivered else position

    Ledger.committable = last  # type: ignore[method-assign]


def skip_drain() -> None:
    """A revocation neither waits for begun work nor ends it."""
    Lease.wait_idle = lambda _self, _deadline: True  # type: ignore[method-assign]
    Lease.cancel = lambda _self: None  # type: ignore[method-assign]


def no_generation_check() -> None:
    """A lease of an old assignment still lets work begin."""
    Lease.close = lambda _self: None  # type: ignore[method-assign]


MUTANTS = {
    "acknowledge-early": acknowledge_early,
    "commit-last-plus-one": commit_last_plus_one,
    "skip-drain": skip_drain,
    "no-generation-check": no_generation_check,
}

if __name__ == "__main__":
    MUTANTS[os.environ["MUTANT"]]()
    main()
