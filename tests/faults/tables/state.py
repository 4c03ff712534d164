"""What a table keeps per key, so that an update that was lost, or written over by an older one, shows for ever."""

from __future__ import annotations

import zlib
from collections import defaultdict
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.tally import Sent


class State(NamedTuple):
    """The number of the last event applied, how many were, and a checksum over all of them in their order."""

    last: int = -1
    applied: int = 0
    chain: int = 0

    def after(self, seq: int) -> State:
        """What an event makes of it; one that came before changes nothing."""
        if seq <= self.last:
            return self
        return State(seq, self.applied + 1, zlib.crc32(b"%d" % seq, self.chain))


def model(sent: Mapping[int, Sent]) -> dict[str, State]:
    """By key, what must have come of these events: numbers rise within a key."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for seq in sorted(sent):
        numbers[sent[seq].key].append(seq)
    return {key: reduce(State.after, seqs, State()) for key, seqs in numbers.items()}
