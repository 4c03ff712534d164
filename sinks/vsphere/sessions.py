"""The sink's own sessions, apart from those that read events: a slow task must not hold up a tail."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from clients.vsphere.session import Session
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.config import VcenterConfig


class Sessions:
    """One session per vCenter, opened when first needed, shared by the sink's threads.

    Args:
        vcenters: where the sink may act.
        timeout: seconds of silence after which a call has failed, unless the vCenter's own time-out is shorter.
        rest: seconds for which a vCenter that was away counts as away, and nobody waits for it; after that one caller
            finds out, and all others go on without it until it is back. 0: every caller finds out.
    """

    def __init__(self, vcenters: Iterable[VcenterConfig], *, timeout: float, rest: float = 0.0) -> None:
        self._configs = {
            vcenter.name: vcenter.model_copy(update={"timeout": min(timeout, vcenter.timeout)}) for vcenter in vcenters
        }
        self._turns = {name: threading.Lock() for name in self._configs}
        self._open: dict[str, Session] = {}
        self._rest = rest
        self._away: dict[str, tuple[float, str]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The vCenters."""
        return tuple(self._configs)

    def get(self, vcenter: str) -> Session:
        """The session of one vCenter, logged in.

        Raises:
            Refused: wrong credentials or certificate.
            Unreachable: the vCenter is away, or was a moment ago.
        """
        with self._turn(vcenter):
            if vcenter not in self._open:
                self._open[vcenter] = self._opened(vcenter)
            return self._open[vcenter]

    @contextmanager
    def _turn(self, vcenter: str) -> Iterator[None]:
        turn, away = self._turns[vcenter], self._away.get(vcenter)
        if not turn.acquire(blocking=away is None):
            assert away is not None  # noqa: S101 - else it would have waited
            raise Unreachable(away[1])
        try:
            yield
        finally:
            turn.release()

    def _opened(self, vcenter: str) -> Session:
        until, why = self._away.get(vcenter, (0.0, ""))
        if monotonic() < until:
            raise Unreachable(why)
        try:
            session = Session(self._configs[vcenter]).__enter__()
        except Unreachable as error:
            if self._rest:
                self._away[vcenter] = monotonic() + self._rest, str(error)
            raise
        self._away.pop(vcenter, None)
        return session

    def opened(self) -> dict[str, Session]:
        """The sessions there are now, by vCenter."""
        return dict(self._open)

    def discard(self, session: Session) -> None:
        """Close a session that no longer works; the next ``get`` logs in again, unless another thread has done so."""
        with self._turns[session.name]:
            if self._open.get(session.name) is session:
                del self._open[session.name]
        session.close()

    def close(self) -> None:
        """Log out everywhere. May be called again."""
        for session in self.opened().values():
            self.discard(session)
