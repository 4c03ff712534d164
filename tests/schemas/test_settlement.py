from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.deadletters import reasons
from schemas.settlement import Settlement, settlement, settles

if TYPE_CHECKING:
    from schemas.settlement import Outcome

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@given(offset=st.integers(0, 2**63 - 1), outcome=st.sampled_from(["redriven", "dropped"]), actor=st.text())
def test_what_is_said_is_heard(offset: int, outcome: Outcome, actor: str) -> None:
    """Whoever settles it, the letter and what became of it are read again."""
    said = Settlement(offset, outcome)
    assert said == settlement(said.headers(actor, NOON))


def test_the_form_is_fixed_for_other_releases() -> None:
    """Other releases read and write these very headers."""
    expected = (
        ("reflexarc_settled", b"17 redriven"),
        ("reflexarc_actor", b"eve@host"),
        ("reflexarc_settled_at", b"2026-01-02T12:00:00.000+00:00"),
    )
    assert expected == Settlement(17, "redriven").headers("eve@host", NOON)


def test_a_letter_settles_nothing_whatever_headers_it_brought() -> None:
    """A sender may write any header; only a record without a reason is a settlement."""
    forged = Settlement(0, "dropped").headers("mallory", NOON)
    why = reasons("gone", status="", attempts=1, failed_at=NOON, origin=None)
    assert None is settlement((*forged, *why))


@pytest.mark.parametrize(
    "said", [None, b"", b"17", b"x redriven", b"-1 dropped", b"1 dropped ", b"1 " + b"x" * 33, b"9" * 20]
)
def test_what_has_another_form_says_nothing_and_is_no_letter_either(said: bytes | None) -> None:
    """Only a record of ours has such a header and no reason."""
    headers = [("reflexarc_settled", said)]
    assert (None, True) == (settlement(headers), settles(headers))


def test_the_word_of_a_newer_release_is_heard() -> None:
    """What it means is not known, but which letter it is about."""
    assert Settlement(17, "archived") == settlement([("reflexarc_settled", b"17 archived")])
