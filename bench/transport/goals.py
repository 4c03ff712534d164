"""What is wanted of the transport, beside what was seen; ratios are medians over neighbouring runs."""

from __future__ import annotations

import operator
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench.transport.contestant import Contestant as Who
from bench.transport.lateness import typical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.drain import Drain
    from bench.transport.lateness import Lateness

AT_LEAST, AT_MOST = "≥", "≤"
_HOLDS = {AT_LEAST: operator.ge, AT_MOST: operator.le}

_RATIOS = (
    ("consume: events/s against stock Faust", Who.OURS_READ, Who.STOCK_READ, "rate", 10),
    ("consume: events per CPU s against stock Faust", Who.OURS_READ, Who.STOCK_READ, "thrift", 10),
    ("forward: events/s against topic.send", Who.OURS_FORWARD, Who.STOCK_FORWARD, "rate", 10),
    ("forward: events per CPU s against topic.send", Who.OURS_FORWARD, Who.STOCK_FORWARD, "thrift", 10),
    ("forward: events/s against stock with librdkafka", Who.OURS_FORWARD, Who.STOCK_LIBRDKAFKA, "rate", 5),
    ("forward: events per CPU s against stock with librdkafka", Who.OURS_FORWARD, Who.STOCK_LIBRDKAFKA, "thrift", 5),
    ("consume: events/s against the bare library", Who.OURS_READ, Who.BARE_READ, "rate", 0.4),
    ("consume: events per CPU s against the bare library", Who.OURS_READ, Who.BARE_READ, "thrift", 0.4),
    ("forward: events/s against the bare library", Who.OURS_FORWARD, Who.BARE_FORWARD, "rate", 0.9),
    ("forward: events per CPU s against the bare library", Who.OURS_FORWARD, Who.BARE_FORWARD, "thrift", 0.9),
    ("forward: events/s against the bare library as it comes", Who.OURS_FORWARD, Who.UNTUNED_FORWARD, "rate", 0.9),
)
_LATENESS = (("p50", "ms", 3.0), ("p99", "ms", 25.0), ("core", "of a core", 0.4))
_FIGURES: Mapping[str, Callable[[Drain], float]] = {"rate": lambda run: run.rate, "thrift": lambda run: 1 / run.cost}


class Goal(NamedTuple):
    """One figure."""

    what: str
    relation: str
    wanted: float
    seen: float

    @property
    def holds(self) -> bool:
        """Whether it is as wanted."""
        return bool(_HOLDS[self.relation](self.seen, self.wanted))


def goals(drains: Mapping[Who, Sequence[Drain]], late: Mapping[Who, Sequence[Lateness]]) -> Iterator[Goal]:
    """Every goal whose contestants ran."""
    for what, ours, theirs, figure, wanted in _RATIOS:
        if drains.get(ours) and drains.get(theirs):
            yield Goal(what, AT_LEAST, wanted, ratio(drains[ours], drains[theirs], _FIGURES[figure]))
    for who in (Who.OURS_READ, Who.OURS_FORWARD):
        if late.get(who):
            run = typical(late[who])
            for figure, unit, wanted in _LATENESS:
                yield Goal(f"{who.title}, 1,000/s: {figure}, {unit}", AT_MOST, wanted, getattr(run, figure))


def ratio(ours: Sequence[Drain], theirs: Sequence[Drain], figure: Callable[[Drain], float]) -> float:
    """Ours as a multiple of theirs, round by round; the median."""
    return median(figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True))
