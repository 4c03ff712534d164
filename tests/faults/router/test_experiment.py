from __future__ import annotations

from tests.faults.router.experiment import routed
from tests.faults.tally import Delivery, Sent


class Stored:
    """As much of a record as is looked at."""

    def __init__(self, origin: bytes, name: bytes, key: bytes) -> None:
        self.given = [("ce_id", name), ("reflexarc_origin", origin)], key

    def headers(self) -> list[tuple[str, bytes]]:
        return self.given[0]

    def key(self) -> bytes:
        return self.given[1]

    def partition(self) -> int:
        return 3

    def timestamp(self) -> tuple[int, int]:
        return 1, 7_000


def test_records_are_told_apart_by_origin_and_what_was_not_sent_so_is_left_out() -> None:
    sent = {5: Sent("a", 0, 17, 1.0), 6: Sent("b", 1, 17, 1.0)}
    records = [
        Stored(b"0/17", b"5", b"a"),
        Stored(b"0/17", b"5", b"a"),
        Stored(b"1/17", b"5", b"a"),
        Stored(b"1/17", b"6", b"a"),
        Stored(b"2/17", b"6", b"b"),
    ]
    assert [Delivery(5, "a", 3, "", 7.0)] * 2 == routed(sent, records)
