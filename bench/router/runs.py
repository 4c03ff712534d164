"""Everything that this bench can run, by title; backlogs are stored once, when somebody first needs them."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final, Self

from bench.report import say
from bench.router import memory, sharing
from bench.router.goals import BARE, STOCK
from bench.router.goals import sharing as shared
from bench.router.rig import Rig
from bench.router.scenario import SUBJECTS, Scenario, built_in, by_subject, names, read
from bench.transport import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.drain import Drain
    from bench.router.memory import Memory

    Run = Callable[[], Drain]

PROCESSES: Final = (1, 2, 4)
CONTESTANTS: Final = {BARE: "bench.router.bare", STOCK: "bench.router.stock"}


class Runs:
    """A context manager; all topics are deleted with it.

    Args:
        folder: for every file.
        bootstrap: the broker.
        prefix: of topics and groups, never used before.
        events: of each backlog.
        own: files of further scenarios.
    """

    def __init__(self, folder: Path, bootstrap: str, prefix: str, *, events: int, own: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._events = events
        self._own = [read(path) for path in own]
        self._rigs: dict[int, Rig] = {}
        self._numbers = count(1)
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def of_round(self, *, routes: bool, processes: bool) -> Iterator[tuple[str, Run]]:
        """Each run of one round, to be made in this order."""
        if routes:
            for scenario in self._own:  # first, as they may be wrong
                yield scenario.title, partial(self._route, scenario)
            for title, module in CONTESTANTS.items():
                yield title, partial(self._contestant, module)
            for scenario in built_in():
                yield scenario.title, partial(self._route, scenario)
        for number in PROCESSES if processes else ():
            yield shared(number), partial(self._share, number)

    def memory(self, events: int) -> Memory:
        """Memory of a router with 100 routes over so many events."""
        with Rig(*self._fresh()) as rig:
            say(f"storing {events} events")
            load.fill(rig.config.kafka, rig.source, events, subjects=names(SUBJECTS))
            say("memory over all of them")
            with rig.routing(Scenario("memory", by_subject(100))) as (grown, (router,)):
                return memory.watch(grown, router.pid, target=events)

    def _contestant(self, module: str) -> Drain:
        return self._rig(SUBJECTS).contestant(module, self._events)

    def _route(self, scenario: Scenario) -> Drain:
        return self._rig(scenario.subjects).route(scenario, self._events)

    def _share(self, processes: int) -> Drain:
        return sharing.share(*self._fresh(), processes=processes, events=self._events)

    def _rig(self, subjects: int) -> Rig:
        if subjects not in self._rigs:
            rig = self._rigs[subjects] = self._closing.enter_context(Rig(*self._fresh()))
            say(f"storing {self._events} events of {subjects} subjects")
            load.fill(rig.config.kafka, rig.source, self._events, subjects=names(subjects))
        return self._rigs[subjects]

    def _fresh(self) -> tuple[Path, str, str]:
        """Folder, broker and prefix of a rig."""
        number = next(self._numbers)
        return self._folder / str(number), self._bootstrap, f"{self._prefix}.{number}"
