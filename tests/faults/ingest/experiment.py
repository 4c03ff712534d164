"""Faults under load, decided by counting from the vCenters' own lists."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tests.faults.ingest.faults import inject
from tests.faults.ingest.tally import Tally, in_flight, tally
from tests.faults.ingest.world import World
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confluent_kafka import Message

    from ops.dev.component import Status
    from tests.support.canned.client import Held

RATE: Final = 300.0
COLUMNS: Final = (
    "fault",
    "mutation",
    "vCenters",
    "held",
    "lost",
    "doubled",
    "out of order",
    "strange",
    "dead letters",
    "ended by itself",
    "in flight at faults",
)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        faults: one after the other, see ``faults``; those of a vCenter befall the first one.
        vcenters: names; each logs ``rate`` events a second.
        rate: see there.
        mutant: the guarantee of ingest that is switched off.
    """

    faults: tuple[str, ...]
    vcenters: tuple[str, ...] = ("vc1",)
    rate: float = RATE
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        tally: held against seen.
        in_flight: for each fault, events that a vCenter held and no reader had seen when it struck.
        letters: dead letters of ingest.
        lower: events that a vCenter committed after one with a greater key.
        reused: keys that a vCenter has given twice.
        incarnations: how many there are in the ids, over all vCenters.
        revivals: how often ingest had ended by itself.
    """

    tally: Tally
    in_flight: list[int]
    letters: list[Message]
    lower: int
    reused: int
    incarnations: int
    revivals: int


def run(experiment: Experiment, stack: Status, state: Path, folder: Path, prefix: str) -> Outcome:
    """Have everything come up, inject the faults, wait for what is to come and count."""
    with World(
        stack,
        state,
        folder,
        prefix,
        vcenters=experiment.vcenters,
        rate=experiment.rate,
        mutant=experiment.mutant,
    ) as world:
        world.await_next()
        struck = [inject(world, fault) for fault in experiment.faults]
        lists = world.finish()
        seen, letters = list(world.reader.seen), list(world.reader.letters)
    outcome = Outcome(
        tally=tally(lists, seen),
        in_flight=[in_flight(lists, seen, at) for at in struck],
        letters=letters,
        lower=sum(map(_lower, lists.values())),
        reused=sum(map(_reused, lists.values())),
        incarnations=len({record.id.rpartition("/")[0] for record in seen}),
        revivals=world.revivals,
    )
    Book("ingest-faults", COLUMNS).add(*_row(experiment, outcome))
    return outcome


def _lower(events: Sequence[Held]) -> int:
    return sum(before.place[0] == after.place[0] and before.key > after.key for before, after in pairwise(events))


def _reused(events: Sequence[Held]) -> int:
    return len(events) - len({event.key for event in events})


def _row(experiment: Experiment, outcome: Outcome) -> tuple[object, ...]:
    times: Mapping[str, int] = {name: experiment.faults.count(name) for name in dict.fromkeys(experiment.faults)}
    counts = outcome.tally
    return (
        ", ".join(f"{name}, {often} times" if often > 1 else name for name, often in times.items()),
        experiment.mutant or "none",
        len(experiment.vcenters),
        f"{counts.held:,}",
        *counts.damage,
        len(outcome.letters),
        outcome.revivals,
        ", ".join(map(str, outcome.in_flight)),
    )
