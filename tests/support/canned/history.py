"""The event log of one canned vCenter, and its own list of everything that ever stood in it."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.canned.pages import Template

MICROSECONDS: Final = 1_000_000
FLUSH: Final = 1 << 16


class Event(NamedTuple):
    """One entry of the log.

    Attributes:
        created: microseconds of the epoch, by the vCenter's clock.
    """

    key: int
    created: int
    template: Template


class Late(NamedTuple):
    """An event that has its key and its time, and is not to be seen before ``due`` (seconds of the epoch)."""

    due: float
    event: Event


class History:
    """Events in the order in which they were committed; millions cost 24 bytes each, their XML is made when asked for.

    An event is known by its index; indexes start anew with every epoch.

    Args:
        templates: what happens, again and again: the event with key k is made from the k-th.
        journal: file for a line per event; None keeps no list.

    Attributes:
        epoch: how often the keys have started anew.
        offset: microseconds by which the vCenter's clock is ahead of ours.
        held: index of the oldest event that is still there.
        served: index behind the latest event that was ever given out.
    """

    def __init__(self, templates: Sequence[Template], journal: Path | None = None) -> None:
        self._templates = templates
        self._journal = None if journal is None else journal.open("ab", buffering=FLUSH)
        self._rate, self._since, self._made = 0.0, time.time(), 0
        self._withheld, self._delay = 0, 0.0
        self.epoch = self.offset = self.held = self.served = 0
        self._begin(1)

    def __len__(self) -> int:
        """The index behind the latest event."""
        return len(self._keys)

    def __getitem__(self, index: int) -> Event:
        key = self._keys[index]
        return Event(key, self._created[index], self._special.get(index) or self._templates[key % len(self._templates)])

    def now(self) -> int:
        """The vCenter's clock, in microseconds."""
        return int(time.time() * MICROSECONDS) + self.offset

    def since(self, created: int) -> int:
        """The index of the first event that is held and was created at ``created`` or later."""
        return max(self.held, int(bisect_left(self._latest, created)))

    def advance(self) -> None:
        """Let happen what is due."""
        now = time.time()
        while self._late and self._late[0].due <= now:
            late = self._late.pop(0)
            self._commit(late.event, late.due)
        due = int((now - self._since) * self._rate)
        while self._made < due:
            self._made += 1
            at = self._since + self._made / self._rate
            event = self._next(at)
            if self._withheld:
                self._withheld -= 1
                self._late.append(Late(at + self._delay, event))
            else:
                self._commit(event, at)

    def run(self, rate: float) -> None:
        """From now on so many events a second."""
        self.advance()
        self._rate, self._since, self._made = rate, time.time(), 0

    def look_back(self, events: int, seconds: float) -> None:
        """So many events at once, created evenly over the last so many seconds."""
        now = time.time()
        for number in range(events):
            at = now - seconds * (events - number) / events
            self._commit(self._next(at), now)

    def post(self, template: Template, *, own: str = "") -> None:
        """One event now; ``own`` is the key of the session that it is about."""
        self.advance()
        now = time.time()
        self._commit(self._next(now)._replace(template=template), now, special=template, own=own)

    def withhold(self, events: int, seconds: float) -> None:
        """The next so many events are committed later than others that are created after them."""
        self.advance()
        self._withheld, self._delay = events, seconds

    def set_clock(self, seconds: float) -> None:
        """Put the vCenter's clock so far ahead of ours."""
        self.advance()
        self.offset = int(seconds * MICROSECONDS)

    def purge(self, keep: int) -> None:
        """Forget all but the latest so many."""
        self.advance()
        begin, self.held = self.held, max(self.held, len(self) - keep)
        self._forget(begin, self.held)

    def restart(self, key: int) -> None:
        """Begin anew with this key; what stood here is gone."""
        self.advance()
        self._forget(self.held, len(self))
        self.epoch += 1
        self._begin(key)

    def flush(self) -> None:
        """Bring the list up to date."""
        self.advance()
        if self._journal is not None:
            self._journal.flush()

    def close(self) -> None:
        """Nothing happens any more."""
        self.flush()
        if self._journal is not None:
            self._journal.close()

    def _begin(self, key: int) -> None:
        self._key = key
        self._keys, self._created, self._latest = array("q"), array("q"), array("q")
        self._special: dict[int, Template] = {}
        self._late: list[Late] = []
        self.held = self.served = 0

    def _next(self, at: float) -> Event:
        key, self._key = self._key, self._key + 1
        created = int(at * MICROSECONDS) + self.offset
        return Event(key, created, self._templates[key % len(self._templates)])

    def _commit(self, event: Event, at: float, *, special: Template | None = None, own: str = "") -> None:
        index = len(self)
        self._keys.append(event.key)
        self._created.append(event.created)
        self._latest.append(max(event.created, self._latest[-1]) if index else event.created)
        if special is not None:
            self._special[index] = special
        if self._journal is not None:
            entry = {
                "epoch": self.epoch,
                "index": index,
                "key": event.key,
                "created": text(event.created).decode(),
                "entity": event.template.entity,
                "name": event.template.name,
                "own": own,
                "at": at,
            }
            self._write(entry)

    def _forget(self, begin: int, end: int) -> None:
        """Note which events nobody can read any more, and nobody has ever been given."""
        begin = max(begin, self.served)
        if begin < end:
            self._write({"epoch": self.epoch, "forgotten": [begin, end]})

    def _write(self, entry: dict[str, object]) -> None:
        if self._journal is not None:
            self._journal.write(orjson.dumps(entry) + b"\n")


def text(created: int) -> bytes:
    """Microseconds of the epoch as xsd:dateTime, UTC."""
    seconds, rest = divmod(created, MICROSECONDS)
    return b"%b.%06dZ" % (_second(seconds), rest)


@lru_cache(maxsize=4096)
def _second(seconds: int) -> bytes:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
