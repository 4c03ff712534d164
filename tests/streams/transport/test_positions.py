from __future__ import annotations

import pytest
from confluent_kafka import OFFSET_INVALID
from faust.types import TP

from streams.transport.held import Start
from streams.transport.ledger import Run
from streams.transport.positions import Beginning, begin

PARTITION = TP("topic", 0)


@pytest.mark.parametrize(
    ("committed", "expected"),
    [
        (OFFSET_INVALID, Beginning(PARTITION, Start(10))),
        (10, Beginning(PARTITION, Start(10, "words"))),
        (15, Beginning(PARTITION, Start(15, "words"))),
        (20, Beginning(PARTITION, Start(20, "words"))),
        (7, Beginning(PARTITION, Start(10), Run(7, 9))),
        (21, Beginning(PARTITION, Start(10))),
    ],
    ids=["a new group", "at the start", "inside", "at the end", "deleted unread", "a topic made anew"],
)
def test_reading_begins_where_it_was_committed_or_at_the_oldest_record(committed: int, expected: Beginning) -> None:
    assert expected == begin(PARTITION, committed, "words", 10, 20)
