"""Whether a sink was given a newer event of the same key: then an old one, sent again, would be a step backward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from schemas import deadletters
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from clients.kafka.place import Place, Stored
    from ops.deadletters.letter import Letter
    from schemas.config import Config

_ORIGIN: Final = re.compile(r"(?:(?P<topic>[A-Za-z0-9._-]+)/)?(?P<partition>[0-9]{1,10})/(?P<offset>[0-9]{1,19})")

Course = tuple[bytes, str, int]
"""Key, topic (empty: events) and partition: within it an offset tells older from newer."""


def check(config: Config, name: str) -> None:
    """Refuse to ask for newer events where they cannot be seen.

    Raises:
        ReflexarcError: the sink reads from the events: its topic does not hold what it was given.
    """
    sink = config.sinks.get(name)
    if sink is not None and sink.read_from == "events":
        what = f"--skip-if-newer cannot tell what {name} was given: it reads from the events, not from its topic"
        raise ReflexarcError(what, cure="leave it out, and name the letters to send: --id, --since, --where")


class Newest:
    """The newest record of each key in a sink's topic, delivered or waiting.

    A letter is outrun when the topic holds a record of its key that comes from a later offset of the same partition of
    events; a letter that was throttled or sent again has no such origin, and is compared by its place in the sink's own
    topic. Records that were sent again themselves are not newer, whatever their place. What retention has taken from
    the topic is not seen, and a letter without a key is never outrun.

    Args:
        records: all of the sink's topic.
        keys: those of the letters in question; others are not remembered.
    """

    def __init__(self, records: Iterable[tuple[Place, Stored]], keys: Collection[bytes]) -> None:
        self._newest: dict[Course, int] = {}
        for place, stored in records:
            if stored.key is not None and stored.key in keys:
                self._note(stored.key, place, stored)

    def outruns(self, letter: Letter) -> bool:
        """Whether the sink was given a newer event of the letter's key."""
        origin = _ORIGIN.fullmatch(letter.header(deadletters.ORIGIN))
        if letter.key is None or origin is None:
            return False
        course = letter.key, origin["topic"] or "", int(origin["partition"])
        return self._newest.get(course, -1) > int(origin["offset"])

    def _note(self, key: bytes, place: Place, stored: Stored) -> None:
        headers = dict(stored.headers)
        if deadletters.REDRIVEN in headers:
            return
        self._raise((key, place.topic, place.partition), place.offset)
        found = _ORIGIN.fullmatch((headers.get(deadletters.ORIGIN) or b"").decode(errors="replace"))
        if found is not None and not found["topic"]:
            self._raise((key, "", int(found["partition"])), int(found["offset"]))

    def _raise(self, course: Course, offset: int) -> None:
        self._newest[course] = max(offset, self._newest.get(course, -1))
