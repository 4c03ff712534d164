"""Faults of deliveries under load, decided by counting: the generator's journal against the receiver's own file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.faults.delivery.faults import inject
from tests.faults.delivery.receiver import is_poison
from tests.faults.delivery.world import World
from tests.faults.tally import Tally, in_flight, tally
from tests.support.book import Book

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

COLUMNS: Final = (
    "faults",
    "mutation",
    "sent",
    "taken",
    "buried",
    "lost",
    "wrongly buried",
    "duplicates",
    "out of order",
    "under way at faults",
)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        faults: one after the other, see ``faults``.
        rate: events a second.
        in_flight: of the sink.
        mutant: the guarantee that is switched off.
    """

    faults: tuple[str, ...]
    rate: float = 300.0
    in_flight: int = 2
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        tally: what was sent, poison aside, against what the receiver has taken.
        lost: numbers that were neither taken nor buried.
        wrongly_buried: numbers that are no poison, and poison that was buried more than once.
        under_way: for each fault, events that were sent and not taken when it struck.
    """

    tally: Tally
    lost: set[int]
    wrongly_buried: set[int]
    under_way: list[int]

    @property
    def damage(self) -> tuple[set[int], set[int], int]:
        """Lost, wrongly buried, out of order."""
        return self.lost, self.wrongly_buried, self.tally.out_of_order


def run(experiment: Experiment, stack: Status, folder: Path, prefix: str) -> Outcome:
    """Have everything come up, inject the faults, wait for what is to come and count."""
    with World(
        stack, folder, prefix, rate=experiment.rate, in_flight=experiment.in_flight, mutant=experiment.mutant
    ) as world:
        struck = [inject(world, fault) for fault in experiment.faults]
        world.finish()
        sent, healthy, taken, buried = world.sent(), world.healthy(), world.taken(), world.buried()
    outcome = Outcome(
        tally=tally(healthy, (), taken),
        lost=sent.keys() - {each.seq for each in taken} - set(buried),
        wrongly_buried={seq for seq in buried if not is_poison(seq)},
        under_way=[in_flight(healthy, taken, at) for at in struck],
    )
    often = {name: experiment.faults.count(name) for name in dict.fromkeys(experiment.faults)}
    Book("delivery-faults", COLUMNS).add(
        ", ".join(f"{name}, {times} times" for name, times in often.items()) or "none",
        experiment.mutant or "none",
        f"{len(sent):,}",
        f"{len(taken):,}",
        len(buried),
        len(outcome.lost),
        len(outcome.wrongly_buried),
        outcome.tally.duplicates,
        outcome.tally.out_of_order,
        " ".join(map(str, outcome.under_way)),
    )
    return outcome
