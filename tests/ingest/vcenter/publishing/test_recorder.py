from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.vcenter.publishing.recorder import Recorder
from schemas.cloudevents import kafka
from schemas.topics import Topic
from tests.ingest.vcenter.events import event
from tests.support.vcenter import vcenter

EVENTS = Topic(name="t.events", key="k", partitions=1, replication=1, min_insync=1, max_message_bytes=4096, holds="e")
DEAD = Topic(name="t.dlq", key="k", partitions=1, replication=1, min_insync=1, max_message_bytes=8192, holds="d")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(vcenter("vc1"), events=EVENTS, dead_letters=DEAD)


def test_an_event_becomes_a_record_in_binary_mode_with_its_partition_key(recorder: Recorder) -> None:
    record = recorder.record(event(7), incarnation=0, api_version="8.0.2.0")
    assert ("t.events", b"vc1/vm-42") == (record.topic, record.key)
    assert "vc1/0/7" == kafka.from_message(record.headers, record.value).id


def test_the_same_event_makes_the_same_record(recorder: Recorder) -> None:
    first, second = (recorder.record(event(7), incarnation=0, api_version="8") for _ in range(2))
    assert first == second


def test_an_event_too_large_for_its_topic_is_a_dead_letter_with_the_reason(recorder: Recorder) -> None:
    record = recorder.record(event(7, data=b"x" * 5000), incarnation=0, api_version="")
    headers = dict(record.headers)
    assert ("t.dlq", b"x" * 5000) == (record.topic, record.value)
    assert headers["reflexarc_error"].endswith(b"t.events takes 4096")
    assert (b"vc1/0/7", b"vc1/0/7") == (headers["reflexarc_origin"], headers["ce_id"])
    assert "reflexarc_cut" not in headers
    assert (b"", b"0") == (headers["reflexarc_status"], headers["reflexarc_attempts"])
    assert datetime.now(UTC) - datetime.fromisoformat(headers["reflexarc_failed_at"].decode()) < timedelta(minutes=1)


@pytest.mark.parametrize("size", [7000, 8192, 9000, 1_000_000])
def test_a_dead_letter_too_large_for_its_topic_is_cut_and_says_so(recorder: Recorder, size: int) -> None:
    record = recorder.record(event(7, data=b"x" * size), incarnation=0, api_version="")
    assert record.size <= DEAD.max_message_bytes
    cut = dict(record.headers).get("reflexarc_cut")
    assert (None if len(record.value or b"") == size else b"%d" % size) == cut


@pytest.mark.parametrize("names", [{"name": "N" * 100_000}, {"entity": "v" * 100_000}])
@pytest.mark.parametrize("size", [10, 1_000_000])
def test_names_that_leave_no_room_in_a_dead_letter_are_left_out(
    recorder: Recorder, names: dict[str, str], size: int
) -> None:
    record = recorder.record(event(7, data=b"x" * size, **names), incarnation=0, api_version="")
    headers = dict(record.headers)
    assert ("t.dlq", None, b"vc1/0/7") == (record.topic, record.key, headers["reflexarc_origin"])
    assert record.size <= DEAD.max_message_bytes
    assert not [name for name in headers if name.startswith("ce_")]
    assert (None if size == 10 else b"1000000") == headers.get("reflexarc_cut")
    assert b"x" * min(size, DEAD.max_message_bytes // 2) in (record.value or b"")


def test_an_event_that_cannot_be_one_is_a_dead_letter_with_its_data(recorder: Recorder) -> None:
    record = recorder.record(event(7, name="a\x00b"), incarnation=0, api_version="")
    assert ("t.dlq", b'{"Key":7}') == (record.topic, record.value)
    assert b"vc1/0/7" == dict(record.headers)["reflexarc_origin"]


def test_an_unreadable_page_is_a_dead_letter_with_its_bytes(recorder: Recorder) -> None:
    record = recorder.unreadable(b"<broken", "no XML")
    assert ("t.dlq", b"<broken") == (record.topic, record.value)
    assert b"vc1" == dict(record.headers)["reflexarc_origin"]
