"""A topic of events, and whoever works it off: the router as it is installed, or a contestant; one after the other."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Self

import orjson

from bench.broker import Broker
from bench.drain import Drain, watch
from bench.router.scenario import SINK
from bench.transport.task import Task
from clients.kafka import admin
from ops.demo.child import Child, Service
from ops.demo.scene import SESSION
from schemas import topics
from schemas.config import load
from schemas.errors import ConfigError, ReflexarcError
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.router.scenario import Scenario
    from schemas.config import Config

WITHIN = 60.0
STOCK_WITHIN = 8.0


class Rig:
    """A context manager; its topics are deleted with it.

    Args:
        folder: for every file of it.
        bootstrap: the broker.
        prefix: of topics and groups, never used before.
        partitions: of each topic.

    Attributes:
        config: of an installation without routes.
    """

    def __init__(self, folder: Path, bootstrap: str, prefix: str, *, partitions: int = 4) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.absolute()
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._partitions = partitions
        self._numbers = count(1)
        self._chosen: dict[str, int] = {}
        self.config = self._configured(self._folder / "reflexarc.yaml", "none", [])
        self._broker = Broker(self.config)

    def __enter__(self) -> Self:
        self._create(self.config, self._lasting)
        return self

    def __exit__(self, *_error: object) -> None:
        self._broker.delete(self._lasting)

    @property
    def source(self) -> str:
        """The topic of events."""
        return topics.events(self._prefix)

    def contestant(self, module: str, events: int) -> Drain:
        """Have a module that does a ``Task`` forward so many events, or eight seconds."""
        with self._sink() as (sink, _):
            number, target = next(self._numbers), topics.sink(self._prefix, sink)
            name = f"{self._prefix}.{number}"
            task = Task(self._bootstrap, self.source, name, str(self._folder / name), target)
            grown = self._broker.growth(target)
            child = Child(name, [module, *task.argv], self._folder, speaks=False)
            with _ended([child]):
                return watch(grown, child.pid, target=events, within=STOCK_WITHIN)

    def route(self, scenario: Scenario, events: int) -> Drain:
        """Have a router read so many events, which are stored.

        Raises:
            ConfigError: a route is wrong.
            ReflexarcError: the routes choose no event of the load; or the router does not come on.
        """
        chosen = self._share(scenario, events)
        with self.routing(scenario) as (grown, routers):
            pids = [each.pid for each in routers]
            return watch(lambda: grown() * events // chosen, *pids, target=events, within=WITHIN)

    @contextmanager
    def routing(self, scenario: Scenario, processes: int = 1) -> Iterator[tuple[Callable[[], int], Sequence[Service]]]:
        """Routers that run from the oldest event on, and how many records they have published."""
        with self._sink(scenario) as (sink, path):
            self._broker.forget(topics.group(self._prefix, topics.ROUTER))
            grown = self._broker.growth(topics.sink(self._prefix, sink))
            argv = ["ops", "--config", str(path), "worker", "--role", "router"]
            routers = [Service(f"{sink}-{number}", argv, self._folder) for number in range(processes)]
            with _ended(routers):
                yield grown, routers

    @contextmanager
    def _sink(self, scenario: Scenario | None = None) -> Iterator[tuple[str, Path]]:
        """A sink that nobody has used before, and the configuration with the routes that lead there."""
        sink = f"s{next(self._numbers)}"
        path = self._folder / f"{sink}.yaml"
        config = self._configured(path, sink, scenario.to(sink) if scenario else [])
        target = topics.sink(self._prefix, sink)
        self._create(config, [target])
        try:
            yield sink, path
        finally:
            self._broker.delete([target])

    def _share(self, scenario: Scenario, events: int) -> int:
        """How many of the events are chosen: worked out once, by the product's own index."""
        if scenario.title not in self._chosen:
            try:
                config = self._configured(self._folder / "share.yaml", SINK, scenario.to(SINK))
            except ConfigError as error:  # lines are those of our own file
                raise ConfigError(scenario.title, [replace(each, line=None) for each in error.problems]) from error
            self._chosen[scenario.title] = scenario.chosen(config.routes, events)
        if not self._chosen[scenario.title]:
            raise ReflexarcError(f"{scenario.title}: chooses no event", cure="match Subject0Event to Subject99Event")
        return self._chosen[scenario.title]

    @property
    def _lasting(self) -> list[str]:
        beside = (topics.dead_letter(self._prefix, topics.UNROUTABLE), topics.audit(self._prefix))
        return [self.source, *beside, topics.inventory(self._prefix)]

    def _create(self, config: Config, names: Sequence[str]) -> None:
        wanted = [topic for topic in topics.table(config) if topic.name in names]
        admin.create(config.kafka, wanted, report=lambda _: None)

    def _configured(self, path: Path, sink: str, routes: list[dict[str, Any]]) -> Config:
        document = {
            "kafka": {
                "bootstrap": self._bootstrap,
                "prefix": self._prefix,
                "partitions": self._partitions,
                "replication": 1,
                "options": SESSION,
            },
            "routes": routes,
            "sinks": {sink: {"type": "knative", "uri": "http://127.0.0.1:9"}},
        }
        path.write_bytes(orjson.dumps(document))  # which is YAML, too
        return load(path, sink_models=model, sink_types=tuple(SINKS))


@contextmanager
def _ended(children: Sequence[Child]) -> Iterator[None]:
    with ExitStack() as closing:
        for child in children:
            closing.callback(child.stop)
        try:
            yield
        except ReflexarcError as error:
            gone = next((child for child in children if not child.alive), None)
            if gone is None:
                raise
            raise ReflexarcError(f"{gone.name} has ended: {gone.last_words()}", cure=f"see {gone.log}") from error
