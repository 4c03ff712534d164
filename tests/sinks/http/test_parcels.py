from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sinks.http.form import batch
from sinks.http.parcels import parcels


@given(documents=st.lists(st.binary(min_size=2, max_size=40), max_size=30), size=st.integers(2, 100))
def test_requests_hold_every_document_in_order_and_no_more_bytes_than_allowed(
    documents: list[bytes], size: int
) -> None:
    packed = list(parcels(documents, size))

    assert documents == [document for parcel in packed for document in parcel]
    assert [] == [parcel for parcel in packed if len(parcel) > 1 and len(batch(parcel)[1]) > size]


def test_no_request_is_made_that_the_one_before_had_room_for() -> None:
    assert [[b"11", b"22"], [b"33"]] == list(parcels([b"11", b"22", b"33"], 7))
    assert [[b"1" * 50], [b"2"]] == list(parcels([b"1" * 50, b"2"], 10))
