"""The parts of one experiment: a generator, a router, two deliveries that share each topic, what they deliver to."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self

from ops.demo.scene import Scene, kafka_section, routes
from tests.faults.delivery.counterparts import COUNTERPARTS
from tests.faults.delivery.counterparts.base import Place
from tests.faults.delivery.moods import is_poison
from tests.faults.delivery.repeats import Mark
from tests.faults.generator import Generator
from tests.faults.router.world import FOREVER, headers
from tests.faults.tally import Sent
from tests.support import topics
from tests.support.flow import SUBJECT, WITHIN, settled, wait
from tests.support.reader import Reader
from tests.support.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ops.demo.child import Service
    from ops.dev.component import Status
    from tests.faults.delivery.counterparts.base import Counterpart
    from tests.faults.event import Event
    from tests.faults.generator import Headers
    from tests.faults.tally import Delivery

MODULE: Final = "tests.faults.delivery.mutants"
RETRIES: Final = 3
POLICY: Final = {"retry": RETRIES, "backoff_delay": "50ms", "backoff_max": "200ms", "timeout": "15s"}


class World:
    """Runs while it is entered.

    Args:
        stack: with the brokers.
        state: folder of the stack.
        folder: for every file.
        prefix: of topics and groups.
        connectors: types of sinks, one of each; every event goes to all of them.
        rate: events a second.
        in_flight: of each sink.
        away: seconds for which a sink that fell is away.
        mutant: the guarantee that is switched off.
    """

    def __init__(
        self,
        stack: Status,
        state: Path,
        folder: Path,
        prefix: str,
        *,
        connectors: Sequence[str],
        rate: float,
        in_flight: int,
        away: float,
        mutant: str | None,
    ) -> None:
        self.state, self.away, self._in_flight = state, away, in_flight
        self._connectors = connectors
        self._scene = Scene(folder, stack, prefix=prefix, module=MODULE)
        self.mutant = mutant
        self._scene.environ = {"MUTANT": mutant or ""}
        self._bootstrap = stack["kafka"].endpoint or ""
        self._folder, self._prefix, self._rate = folder, prefix, rate
        self._numbers = count(1)
        self._stop = threading.Event()
        self._journal = Tail(folder / "sent", _sent)

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            closing.enter_context(self._scene)
            self.counterparts: dict[str, Counterpart] = {}
            for connector in self._connectors:
                name, cache = f"{self._prefix}-{connector}", self.state.parent / "cache"
                place = Place(self._scene, self._folder / connector, name, cache)
                place.folder.mkdir()
                counterpart = self.counterparts[connector] = COUNTERPARTS[connector](place)
                closing.callback(counterpart.close)
                counterpart.start()
                self._scene.environ |= counterpart.environ
            self._configure()
            self._letters = {sink: Reader(self._bootstrap, f"{self._prefix}.dlq.{sink}") for sink in self.counterparts}
            for reader in self._letters.values():
                closing.callback(reader.close)
            self.router, self.deliveries = self.begin("router"), [self.begin("deliver") for _ in range(2)]
            for service in (self.router, *self.deliveries):
                service.await_ready()
            source = Generator(
                self._bootstrap,
                f"{self._prefix}.events",
                self._folder / "sent",
                events=FOREVER,
                rate=self._rate,
                headers=_headers,
            )
            pool = closing.enter_context(ThreadPoolExecutor(1))
            closing.callback(self._stop.set)
            self._publishing = pool.submit(source.run, self._stop)
            wait(lambda: all(len(each.taken()) > self._rate / 2 for each in self.counterparts.values()))
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def _configure(self) -> None:
        self._scene.write_config(
            {
                "kafka": kafka_section(self._scene.stack, self._prefix),
                "routes": routes(ticks=([SUBJECT], list(self.counterparts))),
                "sinks": {
                    sink: {"in_flight": self._in_flight, **POLICY, **counterpart.settings}
                    for sink, counterpart in self.counterparts.items()
                },
            }
        )
        self._scene.run("topics", "create")

    def begin(self, role: str) -> Service:
        """Start one more process of a role; returns at once."""
        return self._scene.begin(f"{role}-{next(self._numbers)}", "worker", "--role", role)

    def await_sent(self, events: int) -> None:
        """Until so many have been sent in all."""
        while len(self.sent()) < events:
            self._scene.check()
            time.sleep(0.1)

    def await_progress(self) -> None:
        """Until what has been sent by now is settled at every sink."""
        sent = set(self.sent())
        for sink in self.counterparts:
            self._await_settled(sent, sink)

    def _await_settled(self, sent: set[int], sink: str) -> None:
        """However long it takes, as long as it goes on."""
        found = settled(lambda: list(sent & self.settled(sink)), sent, WITHIN)
        assert sent <= set(found), f"{sink} stood still"

    def sent(self) -> dict[int, Sent]:
        """What the broker has confirmed, by number."""
        return dict(self._journal.read())

    def healthy(self, sink: str) -> dict[int, Sent]:
        """Of that, what a sink takes sooner or later."""
        refuses = self.counterparts[sink].refuses
        return {seq: each for seq, each in self.sent().items() if not (refuses and is_poison(seq))}

    def taken(self, sink: str) -> list[Delivery]:
        """What a sink has taken, by its own file, in the order of arrival."""
        return list(self.counterparts[sink].taken())

    def buried(self, sink: str) -> list[int]:
        """Numbers of a sink's dead letters."""
        return [int(dict(letter.headers())["ce_id"]) for letter in self._letters[sink].read()]

    def settled(self, sink: str) -> set[int]:
        """Numbers that a sink has taken, or that were buried."""
        return {each.seq for each in self.counterparts[sink].taken()} | set(self.buried(sink))

    def under_way(self, sink: str) -> int:
        """How many were sent and are not settled."""
        return len(self.sent().keys() - self.settled(sink))

    def all_under_way(self) -> dict[str, int]:
        """The same for every sink."""
        return {sink: self.under_way(sink) for sink in self.counterparts}

    def marks(self, under_way: Mapping[str, int], *, workers: int | None, forgets: bool = False) -> dict[str, Mark]:
        """How far each sink is, when so many workers lose touch with it, or None knows how many; see ``Mark``."""
        return {
            sink: Mark(
                under_way=under_way[sink],
                sent=max(self.sent()),
                taken=len(counterpart.taken()),
                committed=self._committed(sink) if workers is not None else {},
                in_hand=None if workers is None else workers * self._in_flight * counterpart.batch,
                forgets=forgets,
            )
            for sink, counterpart in self.counterparts.items()
        }

    def _committed(self, sink: str) -> dict[int, int]:
        found = topics.positions(self._bootstrap, f"{self._prefix}.deliver", f"{self._prefix}.sink.{sink}")
        return {number: offset for number, offset in found.items() if offset >= 0}

    def places(self, sink: str) -> dict[int, tuple[int, int]]:
        """Partition and offset, in the topic of a sink, of the first record of each event, by number."""
        found = dict[int, tuple[int, int]]()
        for record in topics.everything(self._bootstrap, f"{self._prefix}.sink.{sink}"):
            found.setdefault(int(dict(record.headers())["ce_id"]), (record.partition(), record.offset()))
        return found

    def finish(self, quiet: float) -> None:
        """Send no more, and wait until all is settled, or nothing more has been for so many seconds."""
        self._stop.set()
        self._publishing.result()
        sent = set(self.sent())
        wanted = [(sink, seq) for sink in self.counterparts for seq in sent]
        settled(lambda: [(sink, seq) for sink in self.counterparts for seq in sent & self.settled(sink)], wanted, quiet)
        for service in (self.router, *self.deliveries):
            assert 0 == service.stop(), service.last_words()


def _sent(entry: dict[str, Any]) -> tuple[int, Sent]:
    return entry["seq"], Sent(entry["key"], entry["partition"], entry["offset"], entry["at"])


def _headers(event: Event) -> Headers:
    """Poison is told by its type, so that a broker can refuse it."""
    kind = {"ce_type": b"poison"} if is_poison(event.seq) else {}
    return [(name, kind.get(name, value)) for name, value in headers(event)]
