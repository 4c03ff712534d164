"""Records published in one call, and what became of each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Position
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Message

    from schemas.errors import ReflexarcError

_UNKNOWN: Final = Position(-1, -1)


class Unconfirmed(Unreachable):
    """Not all of a batch was confirmed in time.

    Attributes:
        outcomes: of each record in its order, where it is stored or why it never will be; None: it may be, or may not.
    """

    def __init__(self, cause: Unreachable, outcomes: Sequence[Position | PublishRejected | None]) -> None:
        super().__init__(cause.message, cure=cause.cure)
        self.outcomes = outcomes


class Batch:
    """The outcomes of ``size`` records, in their order; used on the event loop only.

    Attributes:
        done: resolved when every outcome is known, or the batch is given up.
        under_way: records that the producer has and not reported yet.
    """

    __slots__ = ("_failure", "_left", "_outcomes", "done", "under_way")

    def __init__(self, size: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.under_way = 0
        self._left = size
        self._outcomes: list[Position | PublishRejected] = [_UNKNOWN] * size
        self._failure: ReflexarcError | None = None

    def store(self, index: int, message: Message) -> None:
        """Note that a record is stored."""
        self._outcomes[index] = Position(message.partition() or 0, message.offset() or 0)
        self._left -= 1
        if not self._left and not self.done.done():
            self.done.set_result(None)

    def settle(self, index: int, outcome: ReflexarcError) -> None:
        """Note why a record is not; the first failure that is not its own fault is everybody's."""
        if isinstance(outcome, PublishRejected):
            self._outcomes[index] = outcome
        elif self._failure is None:
            self._failure = outcome
        self._left -= 1
        if not self._left and not self.done.done():
            self.done.set_result(None)

    @property
    def failure(self) -> ReflexarcError | None:
        """Why the batch as a whole has failed, as far as that is known."""
        return self._failure

    def give_up(self, cause: ReflexarcError) -> None:
        """Know no more."""
        if not self.done.done():
            self._failure = cause
            self.done.set_result(None)

    def results(self) -> list[Position | PublishRejected]:
        """One outcome each.

        Raises:
            Unconfirmed: at least one record failed in a way that may pass.
            ReflexarcError: a person must act.
        """
        if isinstance(self._failure, Unreachable):
            known = [None if each is _UNKNOWN else each for each in self._outcomes]
            raise Unconfirmed(self._failure, known) from self._failure
        if self._failure is not None:
            raise self._failure
        return self._outcomes
