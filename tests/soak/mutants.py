"""The reader on a transport with one guarantee switched off, named by the environment variable MUTANT."""

from __future__ import annotations

import os

from streams.transport.held import Held
from streams.transport.lease import Lease
from streams.transport.ledger import Ledger
from tests.soak.reader import main

KEPT: list[object] = []


def never_pause() -> None:
    """A partition is fetched however much of it is unfinished."""
    Held.wants_pause = lambda self: False  # type: ignore[method-assign]  # noqa: ARG005 - its signature
    Held.full = property(lambda _: False)  # type: ignore[assignment, method-assign]


def keep_offsets() -> None:
    """The ledger remembers every offset that was done."""
    done = Ledger.done

    def keep(self: Ledger, offset: int) -> None:
        KEPT.append((offset, bytes(500)))
        done(self, offset)

    Ledger.done = keep  # type: ignore[method-assign]


def keep_leases() -> None:
    """Something of each partition stays when it leaves."""
    leave = Lease.leave

    def keep(self: Lease) -> None:
        KEPT.append((self, bytearray(1 << 18)))
        leave(self)

    Lease.leave = keep  # type: ignore[method-assign]


MUTANTS = {"never-pause": never_pause, "keep-offsets": keep_offsets, "keep-leases": keep_leases}

if __name__ == "__main__":
    MUTANTS[os.environ["MUTANT"]]()
    main()
