"""A partition of a throttled route in memory: its log, its committed marks and offsets, and owners that are killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config import ThrottleConfig
from streams.throttling.remembered import Remembered
from streams.throttling.seen import Seen
from streams.throttling.throttle import throttle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from streams.throttling.mark import Mark
    from streams.throttling.step import Step
    from streams.throttling.throttle import Throttle
    from tests.streams.throttling.model import Event


class Partition:
    """Carries steps out as the role does: passes, then marks, then what is done.

    Attributes:
        passed: every passage by number of the event, with what it was said to stand for.
        marks: what is stored.
        done: what is reported.
    """

    def __init__(self, config: dict[str, Any], events: Sequence[Event]) -> None:
        self._config = ThrottleConfig.model_validate(config)
        self._log = [Seen(number, each.time, each.group) for number, each in enumerate(events)]
        self.passed: dict[int, list[int]] = {}
        self.marks: dict[bytes, Mark] = {}
        self.done: set[int] = set()

    def owner(self) -> Throttle:
        """A new one, who knows what is stored."""
        return throttle(self._config, Remembered(self.marks.items()))

    def unfinished(self) -> int:
        """Where reading begins."""
        return next((each.offset for each in self._log if each.offset not in self.done), len(self._log))

    def read(self, first: int, end: int, *, again: bool) -> list[Seen]:
        """Records of the log; ``again``: also those that are done, as when they are not told beside the offset."""
        return [each for each in self._log[first:end] if again or each.offset not in self.done]

    def carry_out(self, steps: Sequence[Step], *, published: int | None = None, stored: int | None = None) -> None:
        """All steps; or, when the owner is killed meanwhile, the first ``published``, of these the first ``stored``."""
        published = len(steps) if published is None else published
        stored = published if stored is None else min(stored, published)
        for step in steps[:published]:
            if step.passes is not None:
                self.passed.setdefault(step.passes.offset, []).append(step.stands_for)
        for step in steps[:stored]:
            if step.mark is not None:
                self.marks.update([step.mark])
            self.done.update(step.done)

    def run(self, kills: Iterable[tuple[int, int, int, bool]] = ()) -> None:
        """Read the log to its end, by one owner after the other.

        Args:
            kills: for each owner but the last, how many records it takes, how many of its last steps are published
                and how many of them stored, and whether its successor gets records again that are done.
        """
        again = False
        for taken, published, stored, following in (*kills, (len(self._log), None, None, False)):
            owner, first = self.owner(), self.unfinished()
            batch = self.read(first, min(first + taken, len(self._log)), again=again)
            for seen in batch[:-1]:
                self.carry_out(owner.take(seen))
            for seen in batch[-1:]:
                self.carry_out(owner.take(seen), published=published, stored=stored)
            again = following

    def once(self) -> dict[int, int]:
        """Passages, each once; those that were repeated stood for the same number."""
        assert all(len(set(counts)) == 1 for counts in self.passed.values()), self.passed
        return {number: counts[0] for number, counts in self.passed.items()}
