"""An experiment on workers with a table, and what the table is afterwards: to a new worker, and in its changelog."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from ops.demo.journal import entries
from tests.faults import experiment, generator
from tests.faults.crew import Crew
from tests.faults.experiment import PARTITIONS
from tests.faults.tables.state import State, model
from tests.faults.tables.worker import TABLE
from tests.support import topics
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment, Outcome

PROGRAM: Final = "tests.faults.tables.worker"
AUDITOR: Final = "auditor"
COMPACTED: Final = {"cleanup.policy": "compact", "segment.ms": "5000", "min.cleanable.dirty.ratio": "0.01"}
REBUILT: Final = re.compile(rf"rebuilt from (\d+) records of {PARTITIONS} changelogs in ([\d.]+) s")


@dataclass(frozen=True, slots=True)
class Against:
    """A table against the model.

    Attributes:
        lost: keys that it does not have.
        wrong: keys with another state, or that nobody has sent.
    """

    lost: int
    wrong: int

    @classmethod
    def of(cls, wanted: Mapping[str, State], found: Mapping[str, State]) -> Against:
        """Count the keys in which they differ."""
        return cls(
            lost=len(wanted.keys() - found.keys()),
            wrong=sum(wanted.get(key) != state for key, state in found.items()),
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of an experiment.

    Attributes:
        outcome: of the events; delivered is what was applied.
        keys: how many the model has.
        recovered: the table of a worker that came when all others had ended.
        changelog: the last value of every key, read by the bare library.
        undone: for each fault, changes made before it and again after it: it took them on their way to the changelog.
        changes: that workers have made, those that were undone included.
        records: of these, what the recovery has read; compaction has taken the others.
        seconds: the recovery took.
        assignor: what the group shares its partitions by.
    """

    outcome: Outcome
    keys: int
    recovered: Against
    changelog: Against
    undone: list[int]
    changes: int
    records: int
    seconds: float
    assignor: str

    @property
    def interrupted(self) -> list[int]:
        """For each fault, what it found under way: events not applied, and changes that it undid."""
        return [flying + undone for flying, undone in zip(self.outcome.in_flight, self.undone, strict=True)]

    def __str__(self) -> str:
        """The figures in one line."""
        kills, flying, undone = len(self.undone), sum(map(bool, self.outcome.in_flight)), sum(map(bool, self.undone))
        return (
            f"{self.keys} keys by {self.assignor}: recovered from {self.records} of {self.changes} changes "
            f"in {self.seconds:.2f} s, {self.recovered.lost} lost, {self.recovered.wrong} wrong; "
            f"in the changelog {self.changelog.lost} lost, {self.changelog.wrong} wrong; "
            f"{flying} of {kills} faults with events not applied, "
            f"{undone} with changes undone ({', '.join(map(str, self.undone))})"
        )


def run(wanted: Experiment, stack: Status, state: Path, folder: Path, topic: str) -> Audit:
    """Carry out the experiment, let all workers end, have a new one recover the table, and compare."""
    bootstrap, changelog = stack["kafka"].endpoint or "", f"{topic}.group-{TABLE}-changelog"
    topics.create(bootstrap, changelog, partitions=PARTITIONS, **COMPACTED)
    wanted = replace(wanted, setting=replace(wanted.setting, program=PROGRAM))
    outcome = experiment.run(wanted, stack, state, folder, topic)
    with Crew(folder, bootstrap, topic, replace(wanted.setting, static=False), state) as crew:
        crew.start(AUDITOR)
        wait(lambda: bool(_whole(folder)))
        recovered, assignor = _whole(folder)[-1], topics.assignor(bootstrap, crew.group)
        crew.finish()
    rebuilt = REBUILT.findall((folder / f"{AUDITOR}.log").read_text())
    records, seconds = rebuilt[-1]
    expected, applied = model(generator.committed(folder / "sent")), list(entries(folder / "deliveries"))
    return Audit(
        outcome=outcome,
        keys=len(expected),
        recovered=Against.of(expected, recovered),
        changelog=Against.of(expected, last_values(bootstrap, changelog)),
        undone=undone(applied, outcome.faults),
        changes=sum(line["changed"] for line in applied),
        records=int(records),
        seconds=float(seconds),
        assignor=assignor,
    )


def _whole(folder: Path) -> list[dict[str, State]]:
    """What the auditor has recovered while it had all partitions."""
    return [
        {key: State(*value) for key, value in line["table"].items()}
        for line in entries(folder / f"{AUDITOR}.recovered")
        if line["partitions"] == PARTITIONS
    ]


def last_values(bootstrap: str, changelog: str) -> dict[str, State]:
    """By key, its last value in the changelog."""
    return {
        record.key().decode(): State(*orjson.loads(record.value()))
        for record in topics.everything(bootstrap, changelog)
    }


def undone(applied: Iterable[Mapping[str, Any]], faults: Sequence[float]) -> list[int]:
    """For each fault, events that had changed the table since the one before, and have changed it again later."""
    times: dict[int, list[float]] = defaultdict(list)
    for line in applied:
        if line["changed"]:
            times[line["seq"]].append(line["at"])
    counts = Counter(number for at in times.values() for number in {bisect_left(faults, time) for time in at[:-1]})
    return [counts[number] for number in range(len(faults))]
