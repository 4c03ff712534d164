"""Faults of deliveries under load, decided by counting: the generator's journal against what each sink has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.faults.delivery.faults import inject
from tests.faults.delivery.repeats import Charge, charge
from tests.faults.delivery.world import World
from tests.faults.tally import Tally, tally
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.delivery.repeats import Mark

COLUMNS: Final = (
    "sink",
    "faults",
    "mutation",
    "sent",
    "taken",
    "buried",
    "lost",
    "wrongly buried",
    "out of order",
    "duplicates",
    "of them, unexplained",
    "per fault: under way, duplicates, allowed",
)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        faults: one after the other, see ``faults``.
        connectors: types of sinks that it has, one of each.
        rate: events a second.
        events: how many at least, whatever the faults take.
        in_flight: of each sink.
        away: seconds for which a sink that fell is away.
        mutant: the guarantee that is switched off.
        quiet: seconds without anything new after which nothing more is waited for.
    """

    faults: tuple[str, ...]
    connectors: tuple[str, ...] = ("http",)
    rate: float = 150.0
    events: int = 0
    in_flight: int = 2
    away: float = 3.0
    mutant: str | None = None
    quiet: float = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it at one sink.

    Attributes:
        tally: what was sent, poison aside, against what the sink has taken.
        lost: numbers that were neither taken nor buried.
        wrongly_buried: numbers that are dead letters and no poison, or that the sink never refuses.
        under_way: for each fault, events that were sent and not settled when it struck.
        charges: for each fault, what came again because of it.
        strays: what came again, and no fault explains it.
    """

    tally: Tally
    lost: set[int]
    wrongly_buried: set[int]
    under_way: list[int]
    charges: list[Charge]
    strays: int

    @property
    def damage(self) -> tuple[set[int], set[int], int]:
        """Lost, wrongly buried, out of order."""
        return self.lost, self.wrongly_buried, self.tally.out_of_order

    @property
    def unfair(self) -> list[Charge]:
        """What came again beyond that which a fault may cost, and what came again without one."""
        return [each for each in (*self.charges, Charge(self.strays, allowed=0)) if not each.fair]


def run(experiment: Experiment, stack: Status, state: Path, folder: Path, prefix: str) -> Mapping[str, Outcome]:
    """Have everything come up, inject the faults, wait for what is to come and count; what came of it by sink."""
    with World(
        stack,
        state,
        folder,
        prefix,
        connectors=experiment.connectors,
        rate=experiment.rate,
        in_flight=experiment.in_flight,
        away=experiment.away,
        mutant=experiment.mutant,
    ) as world:
        struck = [inject(world, fault) for fault in experiment.faults]
        world.await_sent(experiment.events)
        world.finish(experiment.quiet)
        outcomes = {sink: _outcome(world, sink, [marks[sink] for marks in struck]) for sink in world.counterparts}
        for sink, outcome in outcomes.items():
            Book("delivery-faults", COLUMNS).add(*_row(experiment, world, sink, outcome))
    return outcomes


def _outcome(world: World, sink: str, marks: Sequence[Mark]) -> Outcome:
    taken, buried = world.taken(sink), world.buried(sink)
    charges, strays = charge(marks, [each.seq for each in taken], world.places(sink))
    return Outcome(
        tally=tally(world.healthy(sink), (), taken),
        lost=world.sent().keys() - {each.seq for each in taken} - set(buried),
        wrongly_buried={seq for seq in buried if seq in world.healthy(sink)},
        under_way=[mark.under_way for mark in marks],
        charges=charges,
        strays=strays,
    )


def _row(experiment: Experiment, world: World, sink: str, outcome: Outcome) -> tuple[object, ...]:
    often = {name: experiment.faults.count(name) for name in dict.fromkeys(experiment.faults)}
    counts = outcome.tally
    return (
        sink,
        ", ".join(f"{name}, {times} times" if times > 1 else name for name, times in often.items()) or "none",
        experiment.mutant or "none",
        f"{len(world.sent()):,}",
        f"{len(world.taken(sink)):,}",
        len(world.buried(sink)),
        len(outcome.lost),
        len(outcome.wrongly_buried),
        counts.out_of_order,
        counts.duplicates,
        outcome.strays,
        "; ".join(
            f"{under_way}, {each.repeats}, {'any' if each.allowed is None else each.allowed}"
            for under_way, each in zip(outcome.under_way, outcome.charges, strict=True)
        )
        or "none",
    )
