"""The dead letters of one sink as they lie there now, each with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

from clients.kafka.snapshot import Snapshot
from ops.deadletters.letter import Letter
from schemas import topics
from schemas.settlement import settlement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.kafka.place import Place
    from ops.deadletters.letter import State
    from schemas.config import KafkaConfig
    from schemas.settlement import Settlement

_OPEN: Final = 1
_BYTES: Final[dict[State, int]] = {"open": _OPEN, "redriven": 2, "dropped": 3}
_STATES: Final = {byte: state for state, byte in _BYTES.items()}


class Counts(NamedTuple):
    """Letters by state; ``stored`` is their sum."""

    open: int
    redriven: int
    dropped: int

    @property
    def stored(self) -> int:
        """All letters that are still in the topic."""
        return sum(self)

    def __str__(self) -> str:
        return f"{self.stored} stored = {self.open} open + {self.redriven} re-driven + {self.dropped} dropped"


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
                said = settlement(stored.headers)
                if said is not None:
                    self._settle(place.partition, said)
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

    def _at(self, place: Place) -> int:
        return place.offset - self._snapshot.spans[place.partition].low

    def _settle(self, partition: int, said: Settlement) -> None:
        """A settlement of what is no letter, or of one that was deleted, says nothing."""
        states, at = self._states[partition], said.offset - self._snapshot.spans[partition].low
        if 0 <= at < len(states) and states[at]:
            states[at] = _BYTES[said.outcome]
