"""A story of the crisis: what was asked, decided and done, and what the vCenter says; and what it plays on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ops.demo.story import ARRIVE_WITHIN, Story, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.vsphere.target import Target
    from ops.demo.child import Child
    from ops.demo.crisis.book import Book, Deed
    from ops.demo.crisis.monitoring import Monitoring
    from ops.demo.scene import Scene
    from schemas.config import Config


class Row(NamedTuple):
    """One thing that happened.

    Attributes:
        what: in a few words.
        decided: what was decided, and by which rule.
        outcome: how the action ended; ``-`` without one.
        effect: what the vCenter says now.
        ms: from the cause to the last word of the audit, milliseconds; None where it did not come.
        faults: what should have been otherwise, one line each.
    """

    what: str
    decided: str
    outcome: str
    effect: str
    ms: float | None
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        ended = "" if self.outcome == "-" else f" and {self.outcome}"
        return f"{self.what}: {self.decided}{ended}; the vCenter says {self.effect}"


@dataclass(frozen=True, slots=True)
class Tale(Story):
    """A story with its rows; nothing is counted in it."""

    rows: tuple[Row, ...] = ()


@dataclass(slots=True)
class Crisis:
    """What these stories play on.

    Attributes:
        scene: the pipeline's files and processes.
        config: that everybody reads.
        webhook: base URL of the webhook ingest.
        report: takes one line of progress.
        book: what the audit hears.
        monitoring: who turns alarms red, by vCenter.
        machines: whom each part of a story is about, by the part's name.
        store: the datastore of the first vCenter on which its machines begin.
        execute: the process that acts.
        start_execute: starts another one.
    """

    scene: Scene
    config: Config
    webhook: str
    report: Callable[[str], None]
    book: Book
    monitoring: Mapping[str, Monitoring]
    machines: Mapping[str, Target]
    store: Target
    execute: Child
    start_execute: Callable[[], Child]

    def wait_for(self, condition: Callable[[], bool], within: float = ARRIVE_WITHIN) -> float | None:
        """The time at which the condition held; None when time was up first.

        Raises:
            ReflexarcError: a part of the pipeline has crashed.
        """
        return wait_for(condition, within, check=self.scene.check)

    def alarm(self, name: str, target: Target) -> float:
        """Turn the alarm of a machine or datastore red; when."""
        at = time.time()
        self.monitoring[target.session.name].turn(name, target, "green", "red")
        return at

    def calm(self, name: str, machine: Target) -> None:
        """Have it green again."""
        self.monitoring[machine.session.name].turn(name, machine, "red", "green")

    def deed(self, sink: str, machine: Target, number: int = 0) -> Deed | None:
        """What was asked for a machine for the so manyth time, as far as it is known now."""
        return self.book.find(sink, f"{machine.session.name}/{machine.name}", number)

    def end(self, sink: str, machine: Target, number: int = 0) -> Deed | None:
        """The same when it is over; None when it was not in a minute."""
        self.wait_for(lambda: (deed := self.deed(sink, machine, number)) is not None and deed.is_over)
        return self.deed(sink, machine, number)

    def ends(self, sink: str, number: int) -> list[Deed]:
        """So many deeds of a sink when all are over; what there is of them when they were not in a minute."""
        self.wait_for(lambda: sum(deed.is_over for deed in self.book.of(sink)) >= number)
        return self.book.of(sink)


def row(what: str, deed: Deed | None, at: float, effect: str, *, decided: str, outcome: str, true: bool) -> Row:
    """What happened against what should have.

    Args:
        what: in a few words.
        deed: what the audit told of it.
        at: when its cause was.
        effect: what the vCenter says now.
        decided: what should have been decided.
        outcome: how it should have ended.
        true: whether the effect is as it should be.
    """
    if deed is None:
        return Row(what, "nothing", "-", effect, None, (f"{what}: the audit has heard nothing of it",))
    faults = [] if deed.decided == decided else [f"{what}: {deed.decided}, not {decided} ({deed.reason})"]
    faults += [] if deed.outcome == outcome else [f"{what}: ended as {deed.outcome}, not {outcome} ({deed.reason})"]
    faults += [] if true else [f"{what}: the vCenter says {effect}"]
    return Row(what, deed.decided, deed.outcome, effect, 1000 * (deed.ended_at - at), tuple(faults))


def told(letter: str, title: str, *rows: Row, needs: str = "", remarks: tuple[str, ...] = ()) -> Tale:
    """The story that these rows make."""
    failures = tuple(fault for each in rows for fault in each.faults)
    return Tale(letter, title, needs=needs, failures=failures, remarks=remarks, rows=rows)
