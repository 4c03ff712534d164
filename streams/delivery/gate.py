"""Whether attempts may begin: not while an operator has paused the sink, and one at a time while it is away."""

from __future__ import annotations

import asyncio


class Gate:
    """For one event loop.

    Attributes:
        free: whether everybody may pass: look at it before ``enter``, which costs more.
    """

    def __init__(self) -> None:
        self.free = True
        self._paused = False
        self._shut = False
        self._permit = False
        self._timer: asyncio.TimerHandle | None = None
        self._changed = asyncio.Event()

    async def enter(self) -> bool:
        """Wait until it is one's turn; whether one passes alone, as the one that is let in while it is shut."""
        while not self.free:
            if self._permit and not self._paused:
                self._permit = False
                return True
            self._changed.clear()
            await self._changed.wait()
        return False

    def pause(self, *, paused: bool) -> None:
        """Let nobody pass, or again whoever might."""
        self._paused = paused
        self._update()

    def shut(self, seconds: float) -> None:
        """Let nobody pass but one, after so long; a time that was set before holds."""
        self._shut = True
        if self._timer is None and not self._permit:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._admit_one)
        self._update()

    def open(self) -> None:
        """Let everybody pass, unless it is paused."""
        self._shut = self._permit = False
        self.forget()
        self._update()

    def forget(self) -> None:
        """Admit nobody later."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _admit_one(self) -> None:
        self._timer = None
        self._permit = True
        self._update()

    def _update(self) -> None:
        self.free = not (self._paused or self._shut)
        if self.free or self._permit:
            self._changed.set()
