"""Calls into librdkafka that may never return, made in a thread that nobody has to wait for."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

GRACE: Final = 10.0
"""Seconds beyond its own time limit that a call may take; a process that stands still for a while is no fault of it."""

LOOK: Final = 1.0
"""Seconds between two looks at whether to give up."""


class HangsError(ReflexarcError):
    """A call has not returned, long after the time that was given to it; what it was to do may still happen."""


class Aside:
    """One call at a time. After one that hangs there is no other: whatever it belongs to has to be left behind.

    Args:
        name: of the thread, which starts with the first call and ends with ``close`` or the process.
    """

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._hung = False

    def run(self, call: Callable[[], Any], *, limit: float, look: Callable[[], None] = lambda: None) -> Any:
        """What ``call`` returns or raises.

        Args:
            call: takes at most ``limit`` seconds by itself.
            limit: seconds; after ten more it counts as hanging.
            look: called each second of waiting beyond the limit; may raise to end the wait.

        Raises:
            HangsError: it has not returned, or an earlier one has not.
        """
        if self._hung:
            raise HangsError("an earlier call has not returned")
        if self._thread.ident is None:
            self._thread.start()
        self._calls.put(call)
        self._hung = True  # until it has returned, also when waiting for it is interrupted
        answer, failure = self._answer(limit, look)
        self._hung = False
        if failure is not None:
            raise failure
        return answer

    def close(self) -> None:
        """End the thread, if no call hangs in it."""
        self._calls.put(None)

    def _answer(self, limit: float, look: Callable[[], None]) -> tuple[Any, BaseException | None]:
        wait = limit + LOOK
        for _ in range(round(GRACE / LOOK)):
            try:
                return self._answers.get(timeout=wait)
            except Empty:
                look()
                wait = LOOK
        raise HangsError(f"a call of at most {limit:g} s has not returned within {limit + GRACE:g} s")

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._answers.put((call(), None))
            except BaseException as error:  # noqa: BLE001 - raised where the call was asked for
                self._answers.put((None, error))
