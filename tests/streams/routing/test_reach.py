from __future__ import annotations

from streams.routing.reach import Reach
from streams.routing.route import Route
from streams.throttling.grouping import Grouping

BOTH = Route(name="both", sinks=("a", "b"))
ONE = Route(name="one", sinks=("b",))
STORM = Route(name="storm", sinks=("b",), grouping=Grouping(()))


def test_the_router_leaves_out_what_reads_the_events_itself_but_for_throttles() -> None:
    assert (Route(name="both", sinks=("a",)), STORM) == Reach(frozenset("a"), throttles=True).of((BOTH, ONE, STORM))


def test_a_sink_that_reads_the_events_gets_what_is_its_own() -> None:
    assert (Route(name="both", sinks=("b",)), ONE) == Reach(frozenset("b"), throttles=False).of((BOTH, ONE, STORM))
