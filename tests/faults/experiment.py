"""A plan executed under load, decided by counting at its end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.faults import generator, plan
from tests.faults.crew import Crew, Exit, Setting
from tests.faults.event import KEYS
from tests.faults.generator import Generator
from tests.faults.tally import Tally, in_flight, tally
from tests.support import topics

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.broker import Fall
    from tests.faults.plan import Step
    from tests.faults.tally import Sent

PARTITIONS: Final = 6
LOOK_EVERY: Final = 0.25
STILL: Final = 4.0  # seconds: longer than any delivery that ends at all


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        name: what is done, for people.
        plan: what happens to whom and when, as ``tests.faults.plan`` reads it.
        setting: how the workers run.
        events: how many are published, from the start of the plan.
        beyond: seconds after the plan's last step at which publishing ends; None is when all ``events`` are out.
        rate: per second; None is at once, before the plan starts.
        keys: how many keys they are spread over.
        patient: whether a fault waits until its victim is at work, and a SIGCONT until others have taken over from it.
        transactional: in transactions of ten, every tenth aborted.
        quiet: seconds without a delivery after which nothing more is expected.
    """

    name: str
    plan: str
    setting: Setting = field(default_factory=Setting)
    events: int = 30_000
    beyond: float | None = None
    rate: float | None = 1000.0
    keys: int = KEYS
    patient: bool = False
    transactional: bool = False
    quiet: float = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an experiment.

    Attributes:
        tally: sent against delivered.
        exits: of workers that got a SIGTERM, those at the end included.
        faults: when each was done, in seconds of the epoch.
        in_flight: for each fault, records that were sent and not delivered at that moment.
        uncommitted: by partition, how many offsets the group's position is off the end of the data.
        crashed: workers that ended by themselves.
        assignments: changes of what a worker holds, summed over all.
        drain: the longest time in seconds from the closing of a partition to the end of the work in it.
        cancelled: deliveries that a worker was made to give up.
        falls: nodes of a cluster that were killed.
    """

    tally: Tally
    exits: list[Exit]
    faults: list[float]
    in_flight: list[int]
    uncommitted: dict[int, int]
    crashed: list[str]
    assignments: int
    drain: float
    cancelled: int
    falls: list[Fall]

    @property
    def slowest_exit(self) -> float:
        """Seconds from SIGTERM to the end of the slowest worker."""
        return max(each.seconds for each in self.exits)


def run(experiment: Experiment, stack: Status, state: Path, folder: Path, topic: str) -> Outcome:
    """Make the topic, execute the plan, wait for what is to come, end the workers and count."""
    kafka, journal = stack["kafka"], folder / "sent"
    bootstrap = kafka.endpoint or ""
    topics.create(bootstrap, topic, partitions=PARTITIONS, copies=int(kafka.details.get("replication", 1)))
    source = Generator(
        bootstrap,
        topic,
        journal,
        events=experiment.events,
        rate=experiment.rate,
        keys=experiment.keys,
        transactional=experiment.transactional,
    )
    stop, faults = threading.Event(), list[float]()
    with Crew(folder, bootstrap, topic, experiment.setting, state) as crew, ThreadPoolExecutor(1) as pool:

        def act(step: Step) -> None:
            crew.act(step)
            if step.fault:
                faults.append(time.time())

        steps = plan.parse(experiment.plan)
        crew.prepare(steps)
        publishing = pool.submit(source.run, stop)
        try:
            if experiment.rate is None:
                publishing.result()
            ready = crew.ready if experiment.patient else lambda _: True
            plan.execute(steps, act, begun=lambda: bool(crew.deliveries() or crew.crashed), ready=ready)
            if experiment.beyond is not None:
                stop.wait(experiment.beyond)
                stop.set()
            publishing.result()
        finally:
            stop.set()
        sent = generator.committed(journal)
        settle(crew, sent, bootstrap, topic, experiment.quiet)
        crashed, exits = crew.crashed, crew.finish()
        deliveries, reports = crew.deliveries(), crew.reports
        return Outcome(
            tally=tally(sent, generator.aborted(journal), deliveries),
            exits=exits,
            faults=faults,
            in_flight=[in_flight(sent, deliveries, at) for at in faults],
            uncommitted=distance(bootstrap, crew.group, topic, sent),
            crashed=crashed,
            assignments=sum(report["assignments"] for report in reports),
            drain=max(report["drain"] for report in reports),
            cancelled=sum(report["cancelled"] for report in reports),
            falls=crew.broker.falls,
        )


def missing(crew: Crew, sent: dict[int, Sent]) -> int:
    """Records that were sent and not delivered."""
    return len(sent.keys() - {delivery.seq for delivery in crew.deliveries()})


def settle(crew: Crew, sent: dict[int, Sent], bootstrap: str, topic: str, quiet: float) -> None:
    """Wait until all that was sent is delivered and committed, or nothing more can come.

    That is when the group has committed to the end and begun work has had its time, or after ``quiet`` seconds.
    """
    count, since = -1, time.monotonic()
    while True:
        deliveries = len(crew.deliveries())
        if deliveries != count:
            count, since = deliveries, time.monotonic()
        silent = time.monotonic() - since
        if silent > quiet:
            return
        if not distance(bootstrap, crew.group, topic, sent) and (silent > STILL or not missing(crew, sent)):
            return
        time.sleep(LOOK_EVERY)


def distance(bootstrap: str, group: str, topic: str, sent: dict[int, Sent]) -> dict[int, int]:
    """By partition, committed offset minus the offset behind its last record; without those where it is none."""
    ends: dict[int, int] = {}
    for record in sent.values():
        if record.offset is not None:
            ends[record.partition] = max(record.offset + 1, ends.get(record.partition, 0))
    found = topics.positions(bootstrap, group, topic)
    return {number: found[number] - end for number, end in ends.items() if found[number] != end}
