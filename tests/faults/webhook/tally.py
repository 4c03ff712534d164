"""What a sender was promised against what readers of committed records find: pure arithmetic over two lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.faults.webhook.journal import Entry


class Tally(NamedTuple):
    """Counts of one experiment.

    Attributes:
        accepted: requests answered with 202.
        lost: events of these that no reader finds.
        doubled: records beyond the first of an event of a batch, whatever its answer was.
        torn: batches of which some events are there and others are not.
        strange: records of events that were never sent.
    """

    accepted: int
    lost: int
    doubled: int
    torn: int
    strange: int

    @property
    def damage(self) -> tuple[int, int, int, int]:
        """Lost, doubled, torn, strange; all 0 when every promise was kept."""
        return self.lost, self.doubled, self.torn, self.strange


def tally(journal: Sequence[Entry], found: Iterable[str]) -> Tally:
    """Compare a journal with the ids of all records."""
    records = Counter(found)
    batches = {entry.ids for entry in journal if len(entry.ids) > 1}
    return Tally(
        accepted=sum(entry.accepted for entry in journal),
        lost=len({each for entry in journal if entry.accepted for each in entry.ids} - records.keys()),
        doubled=sum(max(0, records[each] - 1) for batch in batches for each in batch),
        torn=sum(len({each in records for each in batch}) > 1 for batch in batches),
        strange=len(records.keys() - {each for entry in journal for each in entry.ids}),
    )


def in_flight(journal: Iterable[Entry], at: float) -> int:
    """Requests that were sent and had no answer at that time; what met nobody does not count."""
    return sum(entry.began <= at < entry.ended and entry.status != 0 for entry in journal)
