"""Keeps one process per name alive: restarts what dies, gives up on what only a person can cure."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from schemas.errors import ConfigError, ReflexarcError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEALTHY_AFTER = 60.0
STOP_WITHIN = 45.0
NEEDS_A_PERSON = {ConfigError.exit_code, Refused.exit_code}


async def supervise(commands: Mapping[str, Sequence[str]], stop: asyncio.Event) -> None:
    """Run the named commands until ``stop`` is set, then end them with SIGTERM and wait for each.

    SIGHUP is passed on to all of them.

    A process that ends is started again after 0.5 s, doubling to 30 s while it keeps dying within a minute.

    Raises:
        ReflexarcError: one of them ended because a person must act (exit code 2 or 4); all others are stopped first.
    """
    running: set[asyncio.subprocess.Process] = set()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _pass_on, running)
    try:
        async with asyncio.TaskGroup() as group:
            for name, argv in commands.items():
                group.create_task(_keep(name, argv, stop, running))
    except* ReflexarcError as errors:
        raise errors.exceptions[0] from None
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)


def _pass_on(running: set[asyncio.subprocess.Process]) -> None:
    for process in running:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGHUP)


async def _keep(name: str, argv: Sequence[str], stop: asyncio.Event, running: set[asyncio.subprocess.Process]) -> None:
    pause = FIRST_PAUSE
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        began = clock()
        code = await _run(name, argv, stop, running)
        if stop.is_set():
            return
        if code in NEEDS_A_PERSON:
            raise _GaveUp(f"{name} ended with exit code {code}", cure="its own message above says what to do")
        if clock() - began > HEALTHY_AFTER:
            pause = FIRST_PAUSE
        log.error("%s ended with exit code %s, starting it again in %.1f s", name, code, pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _run(name: str, argv: Sequence[str], stop: asyncio.Event, running: set[asyncio.subprocess.Process]) -> int:
    process = await asyncio.create_subprocess_exec(*argv)
    log.info("%s is process %d", name, process.pid)
    running.add(process)
    ended, stopping = asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        running.discard(process)
        if not ended.done():
            process.terminate()
            try:
                await asyncio.wait_for(asyncio.shield(ended), STOP_WITHIN)
            except TimeoutError:
                process.kill()
    return await ended


class _GaveUp(ReflexarcError):  # noqa: N818 - reads as what happened
    exit_code = Refused.exit_code
