"""Faults under load, decided by counting from the sender's own journal."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.faults.webhook.tally import Tally, in_flight, tally
from tests.faults.webhook.world import World
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ops.dev.component import Status

RATE: Final = 150.0
STALL: Final = 0.4
COLUMNS: Final = (
    "fault",
    "mutation",
    "requests/s",
    "accepted",
    "lost",
    "doubled",
    "torn",
    "strange",
    "answers",
    "in flight at faults",
)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        faults: one after the other: ``kill``, ``kill-stalled`` (while the broker stands still),
            ``stop-broker SECONDS``.
        rate: requests a second.
        mutant: the guarantee of the server that is switched off.
    """

    faults: tuple[str, ...]
    rate: float = RATE
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        tally: promised against found.
        in_flight: for each fault, requests without an answer when it struck.
        answers: how often each status was heard.
    """

    tally: Tally
    in_flight: list[int]
    answers: Counter[int]


def run(experiment: Experiment, stack: Status, state: Path, folder: Path, prefix: str) -> Outcome:
    """Have everything come up, inject the faults, wait for the last answers and count."""
    with World(stack, state, folder, prefix, rate=experiment.rate, mutant=experiment.mutant) as world:
        world.await_accepted()
        struck = [_inject(world, fault) for fault in experiment.faults]
        found = world.finish()
        journal = world.journal
    outcome = Outcome(
        tally=tally(journal, found),
        in_flight=[in_flight(journal, at) for at in struck],
        answers=Counter(entry.status for entry in journal),
    )
    Book("webhook-faults", COLUMNS).add(*_row(experiment, outcome))
    return outcome


def _inject(world: World, name: str) -> float:
    """Do it, and wait until requests are accepted again; the moment at which it struck."""
    fault, _, argument = name.partition(" ")
    struck = _FAULTS[fault](world, *map(float, argument.split()))
    world.await_accepted()
    return struck


def _kill(world: World) -> float:
    struck = time.time()
    world.kill()
    world.start()
    return struck


def _kill_stalled(world: World) -> float:
    world.pause_broker()
    try:
        time.sleep(STALL)
        struck = time.time()
        world.kill()
    finally:
        world.resume_broker()
    world.start()
    return struck


def _stop_broker(world: World, seconds: float) -> float:
    world.stop_broker()
    struck = time.time()
    try:
        time.sleep(seconds)
    finally:
        world.start_broker()
    return struck


_FAULTS: Final[Mapping[str, Callable[..., float]]] = {
    "kill": _kill,
    "kill-stalled": _kill_stalled,
    "stop-broker": _stop_broker,
}


def _row(experiment: Experiment, outcome: Outcome) -> tuple[object, ...]:
    times = Counter(experiment.faults)
    return (
        ", ".join(f"{name}, {often} times" if often > 1 else name for name, often in times.items()),
        experiment.mutant or "none",
        f"{experiment.rate:g}",
        f"{outcome.tally.accepted:,}",
        *outcome.tally.damage,
        ", ".join(f"{status}: {count:,}" for status, count in sorted(outcome.answers.items())),
        ", ".join(map(str, outcome.in_flight)),
    )
