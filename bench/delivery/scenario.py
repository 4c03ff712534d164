"""What is measured: how long the sink takes, how many events may be under way, and which way they come."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

BESIDE_A_DEAD_SINK: Final = "1,000 a second, beside a dead sink with 1,000,000 waiting"


class Way(Enum):
    """Who delivers, and from where."""

    ALONE = "deliver, from a filled sink topic"
    DIRECT = "deliver, reading the events itself"
    ROUTED = "router and deliver, from the events"
    BARE = "bare library, no order"


class Scenario(NamedTuple):
    """One load.

    Attributes:
        title: for people.
        way: who works.
        seconds: that the sink takes for a request.
        in_flight: events under way at once.
        ordered: whether each key waits for itself.
        events: how many.
        rate: events per second; None: all wait from the start.
        waiting: for a second sink of the same worker, at whose address nobody is.
    """

    title: str
    way: Way
    seconds: float
    in_flight: int
    ordered: bool
    events: int
    rate: float | None = None
    waiting: int = 0


def scenarios(events: int) -> tuple[Scenario, ...]:
    """All of them: W1 is a sink that answers at once, W2 one that takes 20 ms."""
    return (
        Scenario("W1, ordered", Way.ALONE, 0.0, 200, True, events),
        Scenario("W1, ordered", Way.DIRECT, 0.0, 200, True, events),
        Scenario("W1, ordered", Way.ROUTED, 0.0, 200, True, events),
        Scenario("W1", Way.BARE, 0.0, 200, False, events),
        Scenario("W2, ordered", Way.ALONE, 0.02, 200, True, events),
        Scenario("W2, ordered", Way.DIRECT, 0.02, 200, True, events),
        Scenario("W2, not ordered", Way.ALONE, 0.02, 200, False, events),
        Scenario("W2, ordered, 1,000 in flight", Way.ALONE, 0.02, 1000, True, events),
        Scenario("W2", Way.BARE, 0.02, 200, False, events),
        Scenario("1,000 a second, ordered", Way.ALONE, 0.0, 200, True, 15_000, 1000.0),
        Scenario(BESIDE_A_DEAD_SINK, Way.ALONE, 0.0, 200, True, 15_000, 1000.0, 1_000_000),
        Scenario("1,000 a second, ordered", Way.DIRECT, 0.0, 200, True, 15_000, 1000.0),
        Scenario("1,000 a second, ordered", Way.ROUTED, 0.0, 200, True, 15_000, 1000.0),
    )
