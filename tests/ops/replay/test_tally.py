from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clients.kafka.record import Outgoing
from ops.replay.choice import Chosen
from ops.replay.tally import Tally

SINKS = ("a", "b", "c")


@st.composite
def chosen(draw: st.DrawFn) -> Chosen:
    skipped = draw(st.sampled_from([None, "other time", "no match", "no route", "no CloudEvent"]))
    if skipped is not None:
        return Chosen(skipped)
    ways = draw(st.dictionaries(st.sampled_from(SINKS), st.booleans(), min_size=1))
    made = tuple((sink, Outgoing(sink, b"")) for sink, good in ways.items() if good)
    return Chosen(None, made, tuple((sink, "why") for sink, good in ways.items() if not good))


@given(st.lists(st.lists(chosen(), max_size=20), max_size=5))
def test_every_event_that_was_read_is_counted_once_and_every_record_too(batches: list[list[Chosen]]) -> None:
    tally = Tally()
    for batch in batches:
        tally = tally.plus(batch, 1.0)
    events = [each for batch in batches for each in batch]
    assert (len(events), len(events)) == (tally.read, tally.chosen + sum(tally.skipped.values()))
    records = [sum(counts.values()) for counts in (tally.written, tally.refused)]
    assert [sum(len(each.made) for each in events), sum(len(each.refused) for each in events)] == records
    assert len(batches) == tally.seconds


def test_what_kafka_does_not_take_is_refused_and_not_written() -> None:
    batch = [Chosen(None, (("a", Outgoing("a", b"")), ("b", Outgoing("b", b""))))]
    tally = Tally().plus(batch, 0.0, ["a"])
    assert ({"a": 0, "b": 1}, {"a": 1}) == (tally.written, tally.refused)
