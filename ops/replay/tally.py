"""What a replay has done so far; every event that was read is in it once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import Field

from schemas.config.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.replay.choice import Chosen

Counts = dict[str, int]


class Tally(Model):
    """Numbers of events; ``read`` is ``chosen`` and all of ``skipped`` together."""

    read: int = Field(0, ge=0, description="Read from the events topic.")
    chosen: int = Field(0, ge=0, description="That go to one of the sinks, or should.")
    skipped: Counts = Field({}, description="That go to none, by reason.")
    written: Counts = Field({}, description="Records, by sink.")
    refused: Counts = Field({}, description="Records that could not be made or were not taken, by sink.")
    deleted: int = Field(0, ge=0, description="Offsets that retention took before they were read.")
    seconds: float = Field(0, ge=0, description="It took so long, breaks not counted.")

    def plus(self, batch: Iterable[Chosen], seconds: float, rejected: Iterable[str] = ()) -> Tally:
        """With one more batch.

        Args:
            batch: what became of each of its events.
            seconds: it took so long.
            rejected: sinks of the records that Kafka did not take.
        """
        skipped, written, refused = Counter(self.skipped), Counter(self.written), Counter(self.refused)
        read = chosen = 0
        for each in batch:
            read += 1
            if each.skipped is not None:
                skipped[each.skipped] += 1
                continue
            chosen += 1
            written.update(sink for sink, _ in each.made)
            refused.update(sink for sink, _ in each.refused)
        for sink in rejected:
            written[sink] -= 1
            refused[sink] += 1
        changes: dict[str, Any] = {
            "read": self.read + read,
            "chosen": self.chosen + chosen,
            "skipped": dict(skipped),
            "written": dict(written),
            "refused": dict(refused),
            "seconds": self.seconds + seconds,
        }
        return self.model_copy(update=changes)
