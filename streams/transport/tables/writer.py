"""Stores the changes of one partition's tables, until the partition has a new owner."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol, TypeVar

from clients.kafka.errors import Fenced, PublishRejected
from schemas.errors import ReflexarcError
from streams.transport.sent import without_idle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.record import Outgoing, Position
    from streams.transport.sent import Sent

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

GATHER: Final = 0.02
"""Seconds in which changes gather for one transaction."""

BATCH: Final = 1_000


class Transactions(Protocol):
    """What ``clients.kafka.transactions`` has; all of it blocks."""

    def open(self) -> None:
        """Fence whoever had the name before."""

    def write(self, records: Sequence[Outgoing]) -> list[Position]:
        """Make records visible together."""

    def close(self) -> None:
        """Undo what is open."""


class Begin(Protocol):
    """Makes the transactional producer of a name."""

    def __call__(self, *, transactional_id: str, given_up: Callable[[], bool]) -> Transactions:
        """One that is not open yet; it asks ``given_up`` while it waits."""


class Writer:
    """Writes in the order of ``send``, in transactions.

    A new owner of the partition opens the same transactional id before it reads the changelog. From then on nothing of
    this writer becomes visible, whatever it had taken: not even after its process has slept.

    It waits for brokers in a thread of its own: were they away, many writers would hold all threads that others need.

    Args:
        begin: makes the producer.
        transactional_id: of the partition.
        fail: told of a change that Kafka refuses: the process must not live on as if it had been stored.
        outdated: asked until it is open; true ends that.
    """

    def __init__(
        self,
        begin: Begin,
        transactional_id: str,
        fail: Callable[[BaseException], None],
        outdated: Callable[[], bool],
    ) -> None:
        self._closing = False
        self._outdated = outdated
        self._transactions = begin(transactional_id=transactional_id, given_up=self._given_up)
        self._fail = fail
        self._waiting: deque[Sent] = deque()
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._thread = ThreadPoolExecutor(1, transactional_id)  # One call after the other.
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Fence every former owner; what is in the changelog then will be followed by ours only.

        Raises:
            Refused: not allowed.
            Unreachable: closed, or outdated, before a broker answered.
        """
        await self._blocking(self._transactions.open)
        self._task = asyncio.get_running_loop().create_task(self._serve())

    def send(self, sent: Sent) -> None:
        """Take a change; once the writer has ended, it is dropped."""
        if self._closing:
            sent.drop()
            return
        self._waiting.append(sent)
        self._empty.clear()
        self._filled.set()

    async def flush(self) -> None:
        """Wait until everything is stored or dropped."""
        await self._empty.wait()

    async def close(self) -> None:
        """Drop what is not stored."""
        self._closing = True
        self._filled.set()
        if self._task is not None:
            await self._task
        await self._blocking(self._transactions.close)
        self._thread.shutdown(wait=False)

    def _given_up(self) -> bool:
        return self._closing or (self._task is None and self._outdated())

    async def _serve(self) -> None:
        taken: list[Sent] = []
        try:
            while not self._closing:
                await self._filled.wait()
                await asyncio.sleep(GATHER)
                taken = self._take()
                await self._store(taken)
                taken = []
                if not self._waiting:
                    self._filled.clear()
                    self._empty.set()
        except ReflexarcError as error:
            self._heed(error)
        except Exception as error:  # noqa: BLE001 - what it has not stored would hold up its partition for ever
            self._fail(error)
        finally:
            self._closing = True
            for sent in (*taken, *self._waiting):
                sent.drop()
            self._waiting.clear()
            self._empty.set()

    def _take(self) -> list[Sent]:
        taken = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        while self._waiting and self._waiting[0].follows:
            taken.append(self._waiting.popleft())
        return taken

    async def _store(self, taken: Sequence[Sent]) -> None:
        wanted = without_idle(taken)
        if wanted:
            positions = await self._blocking(self._transactions.write, [sent.record for sent in wanted])
            for sent, position in zip(wanted, positions, strict=True):
                sent.settle(position)

    async def _blocking(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(call, *args, **kwargs))

    def _heed(self, error: ReflexarcError) -> None:
        if isinstance(error, PublishRejected):
            self._fail(ReflexarcError(f"a changelog refused a change: {error}"))
        elif isinstance(error, Fenced):
            log.warning("changes of tables are dropped: %s", error.message)
        elif not self._closing:
            self._fail(error)
