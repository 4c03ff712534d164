"""Routes that are changed while the router runs: taken over whole, or not at all."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from schemas.config.names import suggestion
from schemas.errors import ConfigError, Problem, ReflexarcError, Unreachable
from streams import metrics
from streams.routing.activation import fingerprint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterator

    from schemas.config import Config

LOOK: Final = 2.0
"""Seconds between two looks at the files."""

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where the configuration comes from."""

    def load(self) -> Config:
        """The configuration as it is now.

        Raises:
            ConfigError: with every problem.
        """
        ...

    def stamp(self) -> Hashable:
        """Something that differs once a file has changed; cheap."""
        ...

    @property
    def read(self) -> Hashable:
        """The stamp from before the last reading."""
        ...


class Reload:
    """Looks at the files, and at a signal.

    Only routes change while a process runs. Whatever else has changed waits for a restart, and a route that needs
    it, such as one to a new sink, keeps the whole new set out.

    Args:
        source: where the configuration comes from.
        config: the configuration that is followed.
        use: follows another; raises ``ReflexarcError`` when it cannot.
        asked: set by whoever wants the files to be read now.
    """

    def __init__(
        self, source: Source, config: Config, use: Callable[[Config], Awaitable[None]], asked: asyncio.Event
    ) -> None:
        self._source = source
        self._config = config
        self._use = use
        self._asked = asked
        self._stamp = source.read

    async def run(self) -> None:
        """Take over what changes, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK)
            stamp = await asyncio.to_thread(self._source.stamp)
            if self._asked.is_set() or stamp != self._stamp:
                self._asked.clear()
                self._stamp = stamp
                await self._renew()

    async def _renew(self) -> None:
        try:
            config = await asyncio.to_thread(self._source.load)
            self._stamp = self._source.read
            _check(self._config, config)
            if fingerprint(config.routes) == fingerprint(self._config.routes):
                log.info("configuration read again, the routes are the same")
                metrics.ROUTER_RELOADS.labels("unchanged").inc()
                return
            await self._use(config)
        except Unreachable as error:
            metrics.ROUTER_RELOADS.labels("postponed").inc()
            log.warning("the new routes are not followed yet: %s", error)
            self._stamp = None  # so that the next look tries again
        except ReflexarcError as error:
            metrics.ROUTER_RELOADS.labels("refused").inc()
            _tell(error)
        except Exception as error:
            metrics.ROUTER_RELOADS.labels("refused").inc()
            log.exception("the new routes are not followed, the old ones stay: unexpected %s", type(error).__name__)
        else:
            self._config = config
            metrics.ROUTER_RELOADS.labels("applied").inc()


def _tell(error: ReflexarcError) -> None:
    if isinstance(error, ConfigError):
        for problem in error.problems:
            log.error("%s %s: %s — %s", problem.file or error.source, problem.where, problem.what, problem.cure)
    log.error("the new routes are not followed, the old ones stay: %s", error)


def _check(running: Config, new: Config) -> None:
    """Whether the routes of ``new`` can be followed by a process that was started with ``running``."""
    problems = [
        Problem(f"routes.{route.name}.to", f"{sink} is new", _cure(sink, running))
        for route in new.routes
        for sink in route.to
        if sink not in running.sinks
    ]
    problems += _throttles(running, new)
    if problems:
        raise ConfigError("routes", problems)
    if new.model_copy(update={"routes": ()}) != running.model_copy(update={"routes": ()}):
        log.warning("more than the routes has changed: that is followed after a restart")


def _throttles(running: Config, new: Config) -> Iterator[Problem]:
    """Throttles that other processes do not know."""
    known = {route.name: route.throttle for route in running.routes}
    for route in new.routes:
        before = known.get(route.name)
        if route.throttle is not None and route.throttle != before:
            what = "has changed" if before else "is new"
            cure = "run `reflexarc topics create` and start the workers again"
            yield Problem(f"routes.{route.name}.throttle", what, cure)


def _cure(sink: str, running: Config) -> str:
    known = suggestion(sink, list(running.sinks), none="there is no sink yet")
    return f"run `reflexarc topics create` and start the workers again; until then: {known}"
