from __future__ import annotations

from typing import Any

import pytest

from ingest.vcenter.feeds import eventtypes
from ingest.vcenter.position import resume
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.deduplicator import Deduplicator
from ingest.vcenter.position.footprints import Footprint, Footprints
from ingest.vcenter.position.trace import Trace
from schemas.errors import Refused
from tests.ingest.vcenter.events import at, event
from tests.support.vcenter import vcenter

NOW = at(1000)


def first(trace: Trace | None, **fields: Any) -> resume.Start:
    return resume.first(vcenter("vc1", **fields), trace, instance_uuid="4c", now=NOW)


def footprints(*found: tuple[int, float, int]) -> Footprints:
    events = Footprints()
    for incarnation, seconds, key in found:
        events.add(Footprint(incarnation, at(seconds), key))
    return events


def known() -> Checkpoint:
    deduplicator = Deduplicator(Checkpoint.first("vc1", "4c", at(0)))
    for key in range(1, 6):
        deduplicator.take(event(key, key))
    return deduplicator.checkpoint()


def test_without_any_event_in_kafka_it_starts_where_the_configuration_says() -> None:
    start = first(None, start_from="5m")
    assert (at(700), None) == (start.checkpoint.since, start.notice)


def test_without_a_checkpoint_it_goes_on_behind_its_last_event_in_kafka() -> None:
    start = first(Trace(1000, footprints((1, 10, 4), (1, 100, 6), (1, 90, 7), (0, 300, 99))))
    position = start.checkpoint
    assert None is start.notice
    assert (1, at(100), 6, 7, 4, ((6, 7),)) == (
        position.incarnation,
        position.time,
        position.time_key,
        position.last_key,
        position.forgotten,
        position.seen,
    )
    again = Deduplicator(position)
    assert [False, False, True] == [again.take(event(key, seconds)) for key, seconds in ((6, 100), (7, 90), (8, 99))]


def test_a_position_that_cannot_be_found_is_a_gap_and_not_silence() -> None:
    start = first(Trace(50_000, None))
    assert (NOW, "gap") == (start.checkpoint.since, start.notice.kind if start.notice else None)
    assert "50000 records" in str(start.notice)


def test_the_same_server_goes_on_as_it_was() -> None:
    checkpoint = known()
    start = resume.again(vcenter("vc1"), checkpoint, instance_uuid="4c", accept=False)
    assert (checkpoint, None) == (start.checkpoint, start.notice)


def test_another_server_is_refused_with_both_ways_out() -> None:
    with pytest.raises(Refused, match="--accept-identity vc1"):
        resume.again(vcenter("vc1"), known(), instance_uuid="other", accept=False)


def test_another_server_that_is_accepted_is_read_from_the_last_event_on() -> None:
    start = resume.again(vcenter("vc1"), known(), instance_uuid="other", accept=True)
    deduplicator = Deduplicator(start.checkpoint)
    assert (1, "other", at(5)) == (start.checkpoint.incarnation, start.checkpoint.instance_uuid, start.checkpoint.time)
    assert at(5) < deduplicator.begin(NOW) < at(6)
    assert "incarnation" == (start.notice.kind if start.notice else None)


def test_accepting_what_has_not_changed_changes_nothing() -> None:
    checkpoint = known()
    assert checkpoint == resume.again(vcenter("vc1"), checkpoint, instance_uuid="4c", accept=True).checkpoint


def test_another_selection_of_events_keeps_the_position_and_trusts_no_key() -> None:
    start = resume.again(vcenter("vc1", event_types=["VmEvent"]), known(), instance_uuid="4c", accept=False)
    assert (5, None, eventtypes.digest(["VmEvent"])) == (
        start.checkpoint.last_key,
        start.checkpoint.time_key,
        start.checkpoint.selection,
    )
    assert Deduplicator(start.checkpoint).rejoin(2)
