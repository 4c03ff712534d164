"""The dead letters of one sink as they lie there now, each with its state."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from clients.kafka.snapshot import Snapshot
from ops.deadletters.letter import Letter
from schemas import topics
from schemas.settlement import settlement, settles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.kafka.place import Place
    from ops.deadletters.letter import State
    from schemas.config import KafkaConfig
    from schemas.settlement import Settlement

_OPEN: Final = 1
_OTHERWISE: Final = 4
_STATES: Final[dict[int, State]] = {_OPEN: "open", 2: "redriven", 3: "dropped", _OTHERWISE: "otherwise"}
_BYTES: Final[dict[str, int]] = {"redriven": 2, "dropped": 3}

log = logging.getLogger(__name__)


class Counts(NamedTuple):
    """Letters by state; ``stored`` is their sum. ``otherwise``: settled in a way that only a newer release knows."""

    open: int
    redriven: int
    dropped: int
    otherwise: int = 0

    @property
    def stored(self) -> int:
        """All letters that are still in the topic."""
        return sum(self)

    def __str__(self) -> str:
        known = f"{self.stored} stored = {self.open} open + {self.redriven} re-driven + {self.dropped} dropped"
        return f"{known} + {self.otherwise} settled otherwise" if self.otherwise else known


class Desk:
    """Reads the whole topic once to know the states, and again for each walk through the letters. Use it in ``with``.

    Takes a byte of memory for each offset between the first record and the present end.

    Args:
        config: the ``kafka`` part of the configuration.
        name: the sink whose letters they are; or ``ingest`` or ``router``.

    Raises:
        Unreachable: no broker answers.
        Refused: there is no such topic, or an ACL is missing.
    """

    def __init__(self, config: KafkaConfig, name: str) -> None:
        client_id = topics.group(config.prefix, topics.OPERATOR)
        self._snapshot = Snapshot(config, topics.dead_letter(config.prefix, name), client_id=client_id)
        self._states = {partition: bytearray(high - low) for partition, (low, high) in self._snapshot.spans.items()}
        try:
            for place, stored in self._snapshot.read():
                if settles(stored.headers):
                    self._settle(place, settlement(stored.headers))
                else:
                    self._states[place.partition][self._at(place)] = _OPEN
        except BaseException:
            self._snapshot.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._snapshot.close()

    @property
    def counts(self) -> Counts:
        """How many letters there are in each state."""
        return Counts(*(sum(states.count(byte) for states in self._states.values()) for byte in _STATES))

    def letters(self) -> Iterator[Letter]:
        """Every letter, one partition after the other, each in its order: the letters of a key in theirs.

        Raises:
            ReflexarcError: as ``Snapshot.read`` does.
        """
        for place, stored in self._snapshot.read():
            state = _STATES.get(self._states[place.partition][self._at(place)])
            if state is not None:
                yield Letter.of(place, stored, state)

    @property
    def settled(self) -> dict[int, int]:
        """For each partition that begins with what nobody needs: the first offset that somebody may.

        Below it every letter was re-driven or dropped, and every settlement is of one of these. A letter that was
        settled in a way that only a newer release knows is kept for that release.
        """
        ends = {partition: _end(states) for partition, states in self._states.items()}
        return {partition: self._snapshot.spans[partition].low + end for partition, end in ends.items() if end}

    def forget(self, offsets: Mapping[int, int]) -> int:
        """Leave out of ``counts`` what lies below an offset of its partition; how many letters that are.

        For records that have been deleted: ``letters`` must not be called any more.
        """
        forgotten = 0
        for partition, offset in offsets.items():
            states, end = self._states[partition], offset - self._snapshot.spans[partition].low
            forgotten += end - states.count(0, 0, end)
            states[:end] = bytes(end)
        return forgotten

    def _at(self, place: Place) -> int:
        return place.offset - self._snapshot.spans[place.partition].low

    def _settle(self, place: Place, said: Settlement | None) -> None:
        """A settlement of what is no letter, or of one that was deleted, says nothing."""
        if said is None or said.outcome not in _BYTES:
            _warn(place.topic, said and said.outcome)
        if said is None:
            return
        states, at = self._states[place.partition], said.offset - self._snapshot.spans[place.partition].low
        if 0 <= at < len(states) and states[at]:
            states[at] = _BYTES.get(said.outcome, _OTHERWISE)


def _end(states: bytearray) -> int:
    """Where the first letter is that is open or settled otherwise; behind the last where none is."""
    return min((at for at in map(states.find, (_OPEN, _OTHERWISE)) if at >= 0), default=len(states))


@cache
def _warn(topic: str, outcome: str | None) -> None:
    """Once for each topic and outcome: a command opens its desk more than once."""
    if outcome is None:
        log.warning("%s: what is said of some letters cannot be read, so they count as open", topic)
    else:
        log.warning("%s: letters were %s by a newer release, they count as settled otherwise", topic, outcome)
