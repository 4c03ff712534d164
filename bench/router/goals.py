"""What is wanted of the router, beside what was seen; ratios are medians over neighbouring runs."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.router.scenario import EVERYWHERE, MANY, ONE, SELECTIVE
from bench.transport.goals import AT_LEAST, AT_MOST, Goal, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.drain import Drain
    from bench.router.memory import Memory

BARE, STOCK = "bare library, headers added", "stock Faust, one route, topic.send"
_PROCESSES = "reflexarc, 12 partitions, {} at a time"


def sharing(processes: int) -> str:
    """Title of so many routers."""
    return _PROCESSES.format(processes)


def _rate(run: Drain) -> float:
    return run.rate


def _thrift(run: Drain) -> float:
    return 1 / run.cost


def _cost(run: Drain) -> float:
    return run.cost


_RATIOS: Sequence[tuple[str, str, str, Callable[[Drain], float], str, float]] = (
    ("all match: events/s against the bare library", ONE, BARE, _rate, AT_LEAST, 0.6),
    ("all match: events per CPU s against the bare library", ONE, BARE, _thrift, AT_LEAST, 0.6),
    ("all match: events/s against stock Faust", ONE, STOCK, _rate, AT_LEAST, 7),
    ("all match: events per CPU s against stock Faust", ONE, STOCK, _thrift, AT_LEAST, 7),
    ("CPU per event, 10,000 routes against 1", MANY, ONE, _cost, AT_MOST, 1.15),
    ("CPU per event, 10,000 routes and subjects against 1", EVERYWHERE, ONE, _cost, AT_MOST, 1.15),
    ("CPU per event, 2 processes against 1", sharing(2), sharing(1), _cost, AT_MOST, 1.3),
    ("CPU per event, 4 processes against 1", sharing(4), sharing(1), _cost, AT_MOST, 1.3),
)


def goals(drains: Mapping[str, Sequence[Drain]], memory: Memory | None) -> Iterator[Goal]:
    """Every goal whose runs were made."""
    for what, ours, theirs, figure, relation, wanted in _RATIOS:
        if drains.get(ours) and drains.get(theirs):
            yield Goal(what, relation, wanted, ratio(drains[ours], drains[theirs], figure))
    if drains.get(SELECTIVE):
        yield Goal("1 of 20 subjects matches: read/s", AT_LEAST, 60_000, median(map(_rate, drains[SELECTIVE])))
    if memory is not None:
        yield Goal(f"memory over {memory.events:,} events, last third against first", AT_MOST, 1.05, memory.growth)
