"""Faults of routers under load, decided by counting: the generator's journal against the sink topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.deadletters import ORIGIN
from tests.faults.router.faults import inject
from tests.faults.router.world import World
from tests.faults.tally import Delivery, Tally, in_flight, tally
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from confluent_kafka import Message

    from ops.dev.component import Status
    from tests.faults.tally import Sent

RATE: Final = 500.0
COLUMNS: Final = (
    "fault",
    "mutation",
    "sent",
    "lost",
    "duplicates",
    "out of order",
    "strange",
    "in flight at faults",
)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        faults: one after the other, see ``faults``.
        rate: events a second.
        patience: seconds in which a router that holds events, before it is killed, may commit what it may not.
        mutant: the guarantee of the router that is switched off.
    """

    faults: tuple[str, ...]
    rate: float = RATE
    patience: float = 1.0
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        tally: sent against what is in the sink topic, where records of one origin count as one.
        strange: records whose origin is no event that was sent, or not the one they carry.
        in_flight: for each fault, events that were sent and not in the sink topic when it struck.
    """

    tally: Tally
    strange: int
    in_flight: list[int]

    @property
    def damage(self) -> tuple[int, int, int]:
        """Lost, out of order, strange; all 0 when each origin is there, first ones in order within their key."""
        return self.tally.lost, self.tally.out_of_order, self.strange


def run(experiment: Experiment, stack: Status, folder: Path, prefix: str) -> Outcome:
    """Have everything come up, inject the faults, wait for what is to come and count."""
    with World(
        stack,
        folder,
        prefix,
        rate=experiment.rate,
        patience=experiment.patience,
        mutant=experiment.mutant,
    ) as world:
        world.await_started()
        struck = [inject(world, fault) for fault in experiment.faults]
        records = world.finish()
        sent = world.sent()
    deliveries = routed(sent, records)
    outcome = Outcome(
        tally=tally(sent, (), deliveries),
        strange=len(records) - len(deliveries),
        in_flight=[in_flight(sent, deliveries, at) for at in struck],
    )
    Book("router-faults", COLUMNS).add(*_row(experiment, outcome))
    return outcome


def routed(sent: Mapping[int, Sent], records: Sequence[Message]) -> list[Delivery]:
    """Records of a sink topic as deliveries, told apart by their origin; those of no event that was sent are left out.

    When a record was delivered is when its router published it.
    """
    origins = {f"{each.partition}/{each.offset}".encode(): seq for seq, each in sent.items()}
    found = []
    for record in records:
        named = dict(record.headers())
        seq = origins.get(named[ORIGIN])
        if seq is not None and named["ce_id"] == b"%d" % seq and record.key() == sent[seq].key.encode():
            found.append(Delivery(seq, sent[seq].key, record.partition(), "", record.timestamp()[1] / 1000))
    return found


def _row(experiment: Experiment, outcome: Outcome) -> tuple[object, ...]:
    often = {name: experiment.faults.count(name) for name in dict.fromkeys(experiment.faults)}
    counts = outcome.tally
    return (
        ", ".join(f"{name}, {times} times" if times > 1 else name for name, times in often.items()) or "none",
        experiment.mutant or "none",
        f"{counts.sent:,}",
        counts.lost,
        counts.duplicates,
        counts.out_of_order,
        outcome.strange,
        ", ".join(map(str, outcome.in_flight)) or "none",
    )
