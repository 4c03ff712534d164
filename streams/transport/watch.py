"""Watches for partitions that have events and make no progress, in our hands or in librdkafka's."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import orjson
from faust.types import TP

from streams.transport import metrics
from streams.transport.held import STALLED_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.transport.health import Health
    from streams.transport.held import Held
    from streams.transport.holdings import Holdings
    from streams.transport.ledger import Run

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0


class Watch:
    """Reads, reports, changes nothing; on the reader thread.

    Args:
        holdings: what is watched.
        health: gets losses, and partitions that are not read although nothing keeps them; that an agent is slow or
            its sink away is not the transport's business, and shown by metrics only.
    """

    def __init__(self, holdings: Holdings, health: Health) -> None:
        self._holdings = holdings
        self._health = health
        self._next_look = 0.0
        self._stalled: set[TP] = set()
        self._fetched: dict[TP, tuple[int, float]] = {}

    def look(self) -> None:
        """Name the first unfinished event of every partition whose position stands still."""
        now = monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        stalled = {tp for tp, held in self._holdings.items() if held.stalled}
        for tp in stalled - self._stalled:
            held = self._holdings[tp]
            log.warning(
                "%s/%d: the event at offset %s is unfinished for over %.0f s, and %d wait for it to be committed%s",
                *tp,
                held.oldest,
                STALLED_AFTER,
                held.unfinished - 1,
                "; nothing more is read before that" if held.paused else "",
            )
        for tp in self._stalled - stalled:
            log.info("%s/%d: goes on", *tp)
        self._stalled = stalled

    def statistics(self, text: str) -> None:
        """Take librdkafka's statistics (``stats_cb``): learn the ends of the logs, and see whether they are read."""
        now = monotonic()
        for tp, partition in _partitions(orjson.loads(text)):
            if tp not in self._holdings:
                continue
            held = self._holdings[tp]
            held.end = max(held.end, partition["ls_offset"])
            self._see_fetching(tp, held, partition["next_offset"], now)

    def lost(self, tp: TP, lost: Run) -> None:
        """Records were deleted before they were delivered: red until the process ends."""
        metrics.LOST.labels(*tp).inc(lost.last - lost.first + 1)
        where = f"{tp.topic}/{tp.partition}"
        self._health.report(
            f"lost {where} {lost.first}", f"{where} has lost records {lost.first} to {lost.last}: deleted unread"
        )

    def forget(self, tps: Iterable[TP]) -> None:
        """These are not ours any more."""
        for tp in tps:
            self._stalled.discard(tp)
            self._fetched.pop(tp, None)
            self._health.clear(_unread(tp))

    def _see_fetching(self, tp: TP, held: Held, fetched: int, now: float) -> None:
        before, since = self._fetched.get(tp, (-1, now))
        if fetched != before or held.paused or fetched >= held.end:
            self._fetched[tp] = (fetched, now)
            self._health.clear(_unread(tp))
        elif now - since > STALLED_AFTER:
            problem = f"{tp.topic}/{tp.partition} has records up to {held.end - 1}, but none is read from {fetched} on"
            if problem not in self._health.problems():
                log.error("%s", problem)
            self._health.report(_unread(tp), problem)


def _unread(tp: TP) -> str:
    return f"unread {tp.topic}/{tp.partition}"


def _partitions(statistics: dict[str, Any]) -> Iterator[tuple[TP, dict[str, Any]]]:
    for name, topic in statistics["topics"].items():
        for number, partition in topic["partitions"].items():
            yield TP(name, int(number)), partition
