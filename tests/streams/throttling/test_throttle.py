"""Every throttle against an obviously right model, also when its owners are killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.streams.throttling import model
from tests.streams.throttling.model import Event
from tests.streams.throttling.partition import Partition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GAPS = st.sampled_from([0, 1, 400, 999, 1000, 1001, 2500])


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Events of three groups, and so much time after them that every window has ended."""
    steps = draw(st.lists(st.tuples(GAPS, st.sampled_from([b"a", b"b", b"c"])), max_size=40))
    time, events = 1_000_000, []
    for gap, group in steps:
        time += gap
        events.append(Event(time, group))
    return [*events, Event(time + 10_000, b"end")]


KILLS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=0, max_size=4
)
KINDS: dict[str, tuple[dict[str, Any], Callable[[Sequence[Event]], dict[int, int]]]] = {
    "within": ({"once_within": "1s"}, lambda events: model.once_within(events, 1000)),
    "after": ({"once_after": "2s"}, lambda events: model.once_after(events, 2000)),
    "accumulate": (
        {"accumulate": {"count": 3, "within": "2s"}},
        lambda events: model.accumulate(events, 2000, 3),
    ),
}


@given(st.sampled_from(sorted(KINDS)), logs())
@settings(max_examples=600, deadline=None)
def test_a_throttle_passes_what_its_rule_says(kind: str, events: list[Event]) -> None:
    config, rule = KINDS[kind]
    partition = Partition(config, events)
    partition.run()
    assert rule(events) == partition.once()
    assert all(len(counts) == 1 for counts in partition.passed.values())


@given(st.sampled_from(sorted(KINDS)), logs(), KILLS)
@settings(max_examples=1500, deadline=None)
def test_a_kill_may_repeat_a_passage_and_never_loses_or_adds_one(
    kind: str, events: list[Event], kills: list[tuple[int, int, int, bool]]
) -> None:
    config, rule = KINDS[kind]
    partition = Partition(config, events)
    partition.run(kills)
    assert rule(events) == partition.once()


@given(logs())
def test_nothing_is_done_before_what_stands_for_it_has_passed(events: list[Event]) -> None:
    partition = Partition({"once_after": "2s"}, events)
    owner = partition.owner()
    for seen in partition.read(0, len(events), again=True):
        before = set(partition.done)
        steps = owner.take(seen)
        partition.carry_out(steps)
        passing = {offset for step in steps if step.passes is not None for offset in step.done}
        assert passing == partition.done - before


@given(logs(), st.integers(0, 40))
@settings(max_examples=400, deadline=None)
def test_letting_go_ahead_of_time_loses_nothing(events: list[Event], place: int) -> None:
    partition = Partition({"once_after": "2s"}, events)
    owner = partition.owner()
    for seen in partition.read(0, len(events), again=True):
        partition.carry_out(owner.take(seen))
        if seen.offset == place:
            while (step := owner.relieve()) is not None:
                partition.carry_out([step])
    end = len(events) - 1
    assert end == sum(count for number, count in partition.once().items() if number != end)


@given(logs(), st.integers(0, 40), KILLS)
@example(
    [Event(1_000_000 + more, group) for more, group in ((0, b"a"), (1000, b"a"), (2000, b"a"), (9000, b"z"))], 2, []
)
@settings(max_examples=400, deadline=None)
def test_what_is_let_go_still_counts_towards_an_accumulation(
    events: list[Event], place: int, kills: list[tuple[int, int, int, bool]]
) -> None:
    config, rule = KINDS["accumulate"]
    partition = Partition(config, events)
    owner = partition.owner()
    for seen in partition.read(0, place, again=True):
        partition.carry_out(owner.take(seen))
    while (step := owner.relieve()) is not None:
        partition.carry_out([step])
    partition.run(kills)
    assert rule(events) == partition.once()
