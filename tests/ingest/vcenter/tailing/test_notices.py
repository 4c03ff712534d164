from __future__ import annotations

import orjson
import pytest

from ingest.vcenter.position.checkpoint import Place
from ingest.vcenter.tailing import notices
from ingest.vcenter.tailing.notices import Notice, to_cloudevent
from schemas.cloudevents import kafka
from tests.ingest.vcenter.events import at

KNOWN = Place(3, 10, at(10))
TEN = "2026-01-31T06:00:10.000Z"


@pytest.mark.parametrize(
    ("notice", "identity", "data"),
    [
        (
            notices.purge(KNOWN, (11, 20), before="b", exact=True),
            "3/purge/11-20",
            {"first": 11, "last": 20, "count": 10, "after": TEN, "before": "b"},
        ),
        (
            notices.purge(KNOWN, (11, 20), before="b", exact=False),
            "3/purge/11-20",
            {"first": 11, "last": 20, "count": None, "after": TEN, "before": "b"},
        ),
        (
            notices.gap(KNOWN, until=None, before="b", reason="r"),
            "3/gap/11-unknown",
            {"first": 11, "last": None, "count": None, "after": TEN, "before": "b"},
        ),
        (
            notices.gap(Place(0, None, at(0)), until=None, before="b", reason="r"),
            "0/gap/b",
            {"first": None, "last": None, "count": None, "after": None, "before": "b"},
        ),
        (
            notices.gap(KNOWN, until=15, before="b", reason="r"),
            "3/gap/11-14",
            {"first": 11, "last": 14, "count": None, "after": TEN, "before": "b"},
        ),
        (notices.stall(KNOWN, newest=12), "3/stall/10", {"last_key": 10, "newest_key": 12, "after": TEN}),
        (
            notices.incarnation(KNOWN, 4, reason="r"),
            "4/incarnation/10",
            {"previous": 3, "last_key": 10, "after": TEN},
        ),
        (
            notices.rewind(KNOWN, now=at(0), begin=at(-60)),
            f"3/rewind/{TEN}",
            {"after": TEN, "now": "2026-01-31T06:00:00.000Z", "begin": "2026-01-31T05:59:00.000Z"},
        ),
    ],
)
def test_a_notice_says_what_is_known_under_an_id_of_its_own(
    notice: Notice, identity: str, data: dict[str, object]
) -> None:
    event = to_cloudevent(notice, vcenter="vc1", source="https://vc1/sdk", now=at(99))
    incarnation = 4 if notice.kind == "incarnation" else notice.incarnation
    told = orjson.loads(event.data or b"")
    assert f"vc1/{identity}" == event.id
    assert {"vcenter": "vc1", "incarnation": incarnation, "reason": told["reason"], **data} == told
    assert event == to_cloudevent(notice, vcenter="vc1", source="https://vc1/sdk", now=at(99))


def test_a_notice_lies_beside_the_events_about_no_entity() -> None:
    event = to_cloudevent(notices.stall(KNOWN, newest=12), vcenter="vc1", source="https://vc1/sdk", now=at(99))
    assert b"vc1/-" == kafka.partition_key(event)
    assert ("com.reflexarc.ingest.stall", "https://vc1/sdk", "vc1") == (event.type, event.source, event.subject)


def test_a_notice_reads_as_a_sentence() -> None:
    purge = notices.purge(KNOWN, (11, 20), before="b", exact=False)
    expected = f"purge: the vCenter's log no longer holds these events (first 11, last 20, after {TEN}, before b)"
    assert expected == str(purge)
