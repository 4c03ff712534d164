"""The record that a dead letter becomes when it is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from schemas import deadletters, topics
from schemas.errors import ReflexarcError
from streams.throttling.passage import KEY

if TYPE_CHECKING:
    from ops.deadletters.letter import Letter

OURS: Final = "reflexarc_"

REASONS: Final = frozenset(
    {
        deadletters.ERROR,
        deadletters.STATUS,
        deadletters.ATTEMPTS,
        deadletters.FAILED_AT,
        deadletters.ORIGIN,
        deadletters.REDRIVEN,
    }
)
"""Headers that do not go with it: why it failed, and where it was before. Without an origin its sink takes it
although it has seen later events."""


def check(name: str) -> None:
    """Refuse what cannot be sent again.

    Raises:
        ReflexarcError: what ingest could not read never was an event.
    """
    if name == topics.UNDECODABLE:
        what = "the dead letters of ingest never became events, so there is nothing to send again"
        raise ReflexarcError(what, cure="mend their sender and have it send them again; then `reflexarc dlq drop` them")


def again(prefix: str, name: str, letter: Letter) -> Outgoing:
    """The original record on its way: to the sink's topic, or, a letter of the router, to the events.

    Value, key and all headers but ``REASONS`` are what they were; ``reflexarc_redriven`` says which letter it was. To
    the events goes none of our own headers, and the key that it had before a throttle.

    Args:
        prefix: topic prefix.
        name: whose letter it is: a sink, or ``router``.
        letter: as it lies in its topic.
    """
    redriven = (deadletters.REDRIVEN, letter.position.encode())
    if name != topics.UNROUTABLE:
        headers = [each for each in letter.headers if each[0] not in REASONS]
        return Outgoing(topics.sink(prefix, name), letter.value, letter.key, [*headers, redriven])
    key = next((value for known, value in reversed(letter.headers) if known == KEY), letter.key)
    headers = [each for each in letter.headers if not each[0].startswith(OURS)]
    return Outgoing(topics.events(prefix), letter.value, key, [*headers, redriven])
