"""The sink's own sessions, apart from those that read events: a slow task must not hold up a tail."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from clients.vsphere.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.config import VcenterConfig


class Sessions:
    """One session per vCenter, opened when first needed, shared by the sink's threads.

    Args:
        vcenters: where the sink may act.
        timeout: seconds of silence after which a call has failed, unless the vCenter's own time-out is shorter.
    """

    def __init__(self, vcenters: Iterable[VcenterConfig], *, timeout: float) -> None:
        self._configs = {
            vcenter.name: vcenter.model_copy(update={"timeout": min(timeout, vcenter.timeout)}) for vcenter in vcenters
        }
        self._turns = {name: threading.Lock() for name in self._configs}
        self._open: dict[str, Session] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The vCenters."""
        return tuple(self._configs)

    def get(self, vcenter: str) -> Session:
        """The session of one vCenter, logged in.

        Raises:
            Refused: wrong credentials or certificate.
            Unreachable: the vCenter is away.
        """
        with self._turns[vcenter]:
            if vcenter not in self._open:
                self._open[vcenter] = Session(self._configs[vcenter]).__enter__()
            return self._open[vcenter]

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
