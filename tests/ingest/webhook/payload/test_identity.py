from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.webhook.payload.identity import identity
from schemas.cloudevents.attributes import check_text

parts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200), min_size=1, max_size=4)


def test_an_id_is_read_as_it_is_made() -> None:
    assert "c3a0/2024-08-12T13:58:44+02:00/firing" == identity("c3a0", "2024-08-12T13:58:44+02:00", "firing")


@given(parts, parts)
def test_other_parts_make_another_id(one: list[str], other: list[str]) -> None:
    assume(one != other)

    assert identity(*one) != identity(*other)


@given(parts)
def test_an_id_is_short_and_fit_to_be_one(one: list[str]) -> None:
    check_text("id", identity(*one))
    assert len(identity(*one)) <= 256
