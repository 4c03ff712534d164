"""User events posted at vCenters without end, each written into a journal by who posted it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from pyVmomi import vim

from clients.vsphere.session import Session
from clients.vsphere.target import find
from ops.demo.journal import Journal, entries
from ops.demo.simulators import machine_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from schemas.config import VcenterConfig

MACHINES = 3
ROOM = 700
"""Most events of one vCenter that are posted and not confirmed: a simulator forgets all but the latest 1,000."""


class Generator:
    """Posts about a few machines in turn; a context manager, posting from its beginning to its end.

    Args:
        vcenters: where to post, by name.
        journal: file, to have each text that a vCenter took, in order.
        rate: events a second at each vCenter, as long as there is room.
    """

    def __init__(self, vcenters: Mapping[str, VcenterConfig], journal: Path, *, rate: float) -> None:
        self._vcenters = vcenters
        self._path = journal
        self._journal = Journal(journal)
        self._rate = rate
        self._stop = threading.Event()
        self._room = threading.Condition()
        self._confirmed: Counter[str] = Counter()
        self._pool = ThreadPoolExecutor(len(vcenters))
        self._posting: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._posting = [self._pool.submit(self._post, name) for name in self._vcenters]
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._journal.close()

    def stop(self) -> None:
        """Post no more; raises what ended the posting before."""
        self._stop.set()
        with self._room:
            self._room.notify_all()
        self._pool.shutdown()
        for posting in self._posting:
            posting.result()

    def sent(self) -> list[str]:
        """Every text that a vCenter took so far: its name, a slash, a number that rises."""
        return [entry["text"] for entry in entries(self._path)]

    def confirm(self, texts: Iterable[str]) -> None:
        """These have arrived: there is room again."""
        with self._room:
            self._confirmed = Counter(text.partition("/")[0] for text in set(texts))
            self._room.notify_all()

    def _post(self, name: str) -> None:
        with Session(self._vcenters[name]) as session:
            manager, now = session.content.eventManager, session.current_time()
            machines = [
                vim.event.VmEventArgument(name=machine, vm=find([session], machine).reference)
                for machine in machine_names(session, MACHINES)
            ]
            number = 0
            while self._may_post(name, number):
                text, about = f"{name}/{number}", machines[number % MACHINES]
                # The server puts its own key and time into the event.
                manager.PostEvent(
                    vim.event.GeneralUserEvent(
                        key=0, chainId=0, createdTime=now, userName="generator", message=text, vm=about
                    )
                )
                self._journal.write({"at": time.time(), "text": text})
                number += 1

    def _may_post(self, name: str, number: int) -> bool:
        with self._room:
            self._room.wait_for(lambda: self._stop.is_set() or number - self._confirmed[name] < ROOM)
        return not self._stop.wait(1 / self._rate)
