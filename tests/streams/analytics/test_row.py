from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from fastavro import schemaless_reader

from schemas.avro.encoding import Encoding
from schemas.avro.schema import schema
from streams.analytics.occurrence import Subject
from streams.analytics.row import outgoing
from streams.analytics.tally import Mark, Tally
from tests.streams.analytics.records import START, START_MS


def test_a_row_says_which_window_what_and_how_many_and_no_other_has_its_key() -> None:
    subject = Subject(START_MS, "off", "vc1/vm-1", "vc1")
    record = outgoing(
        subject,
        Tally(3, 41, Mark(99, 0)),
        topic="counts",
        partition=2,
        window=60_000,
        encoding=Encoding(schema("count")),
    )
    expected = {
        "start": START,
        "end": START + timedelta(minutes=1),
        "type": "off",
        "entity": "vc1/vm-1",
        "vcenter": "vc1",
        "count": 3,
    }
    assert expected == schemaless_reader(BytesIO((record.value or b"")[10:]), schema("count").parsed, None)
    assert ("counts", b"2026-11-20T09:00:00Z/off/vc1/vm-1/2-41", 2) == (record.topic, record.key, record.partition)


@pytest.mark.parametrize("start", [-(2**63), -62_135_596_800_001, 253_402_300_799_000, 2**63 - 1])
def test_a_window_that_no_date_has_is_told_all_the_same(start: int) -> None:
    """As the nearest that one has: what was counted under a forged time holds nothing up."""
    subject = Subject(start, "off", "vc1/vm-1", "vc1")
    encoding = Encoding(schema("count"))
    record = outgoing(subject, Tally(3, 41, Mark(99, 0)), topic="counts", partition=2, window=60_000, encoding=encoding)
    told = schemaless_reader(BytesIO((record.value or b"")[10:]), schema("count").parsed, None)
    assert isinstance(told, dict)
    assert {told["start"].year, told["end"].year} <= {1, 9999}
    assert (record.key or b"").endswith(b"/off/vc1/vm-1/2-41")
