"""The thread that drives every transfer through one ``CurlMulti``.

``perform`` and ``poll`` in turn cost less per request than libcurl's socket callbacks, which are calls into Python.
``fdset`` ends at descriptor 1023: while it shows fewer sockets than there are transfers, all are looked at every
``GLANCE`` milliseconds.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pycurl

from clients.http.handle import Handle
from schemas.errors import Unreachable

if TYPE_CHECKING:
    import asyncio

    from clients.http.endpoint import Channel
    from clients.http.response import Response
    from clients.http.transfer import Transfer

    Outcome = Response | Unreachable

log = logging.getLogger(__name__)

IDLE_CONNECTIONS = 4096  # kept for reuse; fewer than there are transfers under way, and they churn
CHANNELS = 64  # whose idle handles are kept
GLANCE = 10  # milliseconds
# A turn tries every transfer under way, a system call for each: among many of which few were finished by the last one,
# a short pause makes fewer and fuller turns.
CROWD = 64  # transfers
LINGER = 0.001  # seconds


class Engine:
    """One thread, one ``CurlMulti``; futures are resolved on ``loop``, one wake-up per burst."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._submitted: deque[Transfer] = deque()
        self._cancelled: deque[tuple[Transfer, asyncio.Future[None]]] = deque()
        self._aborted: list[asyncio.Future[None]] = []
        self._running: dict[pycurl.Curl, Transfer] = {}
        self._idle: dict[tuple[Channel, bool], list[Handle]] = {}
        self._outcomes: list[tuple[Transfer, Outcome]] = []
        self._finished = 0
        self._awake = True
        self._stopping = False
        self._closed = False
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, IDLE_CONNECTIONS)
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether requests can still be submitted."""
        return not self._stopping

    def submit(self, transfer: Transfer) -> None:
        """Start a transfer; its future is resolved in any case."""
        self._submitted.append(transfer)
        self._wake()
        if self._stopping:  # the thread may have looked for the last time
            self._abandon_submitted()
            self._deliver()

    def cancel(self, transfer: Transfer) -> asyncio.Future[None]:
        """Abort a transfer nobody waits for any more; done when its connection is closed."""
        aborted = self._loop.create_future()
        self._cancelled.append((transfer, aborted))
        self._wake()
        if self._closed:  # the thread may have looked for the last time
            self._abort_cancelled()
            self._deliver()
        return aborted

    def stop(self) -> None:
        """Abort every transfer, close every connection and end the thread; blocks until that is done."""
        self._stopping = True
        self._wake()
        self._thread.join()

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            with suppress(OSError):  # it has just ended
                self._bell.send(b"\0")

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._abort_cancelled()
                self._start_submitted()
                self._multi.perform()
                self._collect()
                self._deliver()
                self._wait()
        except Exception:
            log.exception("the HTTP thread failed; the next request starts another")
        finally:
            self._close()

    def _abort_cancelled(self) -> None:
        while self._cancelled:
            try:
                transfer, aborted = self._cancelled.popleft()
            except IndexError:  # the other thread took it
                return
            if transfer.handle is not None:
                self._release(transfer, transfer.handle)
            self._aborted.append(aborted)

    def _start_submitted(self) -> None:
        while self._submitted:
            transfer = self._submitted.popleft()
            if transfer.future.cancelled():
                continue
            try:
                self._start(transfer)
            except (pycurl.error, ValueError) as error:
                refusal = Unreachable(f"cannot ask {transfer.endpoint.origin}: {error}")
                self._outcomes.append((transfer, refusal))

    def _start(self, transfer: Transfer) -> None:
        endpoint = transfer.endpoint
        idle = self._idle.get((endpoint.channel, endpoint.headers))
        handle = idle.pop() if idle else Handle(endpoint.channel, headers=endpoint.headers)
        try:
            handle.prepare(endpoint, transfer.lines, transfer.body)
            self._multi.add_handle(handle.curl)
        except (pycurl.error, ValueError):
            handle.close()
            raise
        transfer.handle = handle
        self._running[handle.curl] = transfer

    def _collect(self) -> None:
        _, succeeded, failed = self._multi.info_read()
        self._finished = len(succeeded)
        for curl in succeeded:
            transfer = self._running[curl]
            handle = cast("Handle", transfer.handle)
            self._outcomes.append((transfer, handle.response()))
            self._release(transfer, handle)
        for curl, code, detail in failed:
            transfer = self._running[curl]
            handle = cast("Handle", transfer.handle)
            self._outcomes.append((transfer, handle.outcome(code, detail)))
            self._release(transfer, handle)

    def _release(self, transfer: Transfer, handle: Handle) -> None:
        del self._running[handle.curl]
        transfer.handle = None
        self._multi.remove_handle(handle.curl)
        endpoint = transfer.endpoint
        if endpoint.connect_only:
            handle.close()
            return
        key = (endpoint.channel, endpoint.headers)
        idle = self._idle.get(key)
        if idle is None:
            idle = self._idle[key] = self._pool()
        idle.append(handle)

    def _pool(self) -> list[Handle]:
        """Room for the handles of one more channel; a rotated certificate makes a channel of its own."""
        while len(self._idle) >= CHANNELS:
            for handle in self._idle.pop(next(iter(self._idle))):
                handle.close()
        return []

    def _deliver(self) -> None:
        if not (self._outcomes or self._aborted):
            return
        outcomes, self._outcomes = self._outcomes, []
        aborted, self._aborted = self._aborted, []
        try:
            self._loop.call_soon_threadsafe(_resolve, outcomes, aborted)
        except RuntimeError:  # the loop is closed: nobody waits
            self._stopping = True

    def _wait(self) -> None:
        if len(self._running) >= CROWD and 4 * self._finished < len(self._running):
            time.sleep(LINGER)
        self._awake = False
        # Whoever submitted before this line saw the thread awake and did not ring.
        if not (self._submitted or self._cancelled or self._stopping):
            self._poll()
        self._awake = True
        self._hush()

    def _poll(self) -> None:
        readable, writable, _ = self._multi.fdset()
        interest = dict.fromkeys(readable, select.POLLIN)
        for descriptor in writable:
            interest[descriptor] = interest.get(descriptor, 0) | select.POLLOUT
        poll = select.poll()
        poll.register(self._ear, select.POLLIN)
        for descriptor, events in interest.items():
            poll.register(descriptor, events)
        timeout = self._multi.timeout()
        if len(interest) < len(self._running):
            timeout = GLANCE if timeout < 0 else min(timeout, GLANCE)
        poll.poll(timeout)

    def _hush(self) -> None:
        try:
            self._ear.recv(4096)
        except BlockingIOError:
            return

    def _close(self) -> None:
        self._awake = self._stopping = True
        self._outcomes += [(transfer, _closed()) for transfer in self._running.values()]
        self._abandon_submitted()
        for transfer in tuple(self._running.values()):
            self._release(transfer, cast("Handle", transfer.handle))
        self._closed = True
        self._abort_cancelled()
        self._deliver()
        for handle in (handle for handles in self._idle.values() for handle in handles):
            handle.close()
        self._multi.close()
        self._ear.close()
        self._bell.close()

    def _abandon_submitted(self) -> None:
        while self._submitted:
            try:
                self._outcomes.append((self._submitted.popleft(), _closed()))
            except IndexError:  # the other thread took it
                return


def _closed() -> Unreachable:
    return Unreachable("the HTTP client is closed")


def _resolve(outcomes: list[tuple[Transfer, Outcome]], aborted: list[asyncio.Future[None]]) -> None:
    for future in aborted:
        if not future.done():
            future.set_result(None)
    for transfer, outcome in outcomes:
        if transfer.future.done():
            continue
        if isinstance(outcome, Unreachable):
            transfer.future.set_exception(outcome)
        else:
            transfer.future.set_result(outcome)
