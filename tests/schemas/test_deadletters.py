from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from schemas.config import Secret
from schemas.deadletters import LONGEST_REASON, reasons

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def error_of(text: str) -> bytes:
    return dict(reasons(text, status="", attempts=0, failed_at=NOON, origin=None))["reflexarc_error"]


def test_a_dead_letter_says_why_when_and_from_where() -> None:
    failed_at = datetime(2026, 1, 2, 13, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    assert (
        ("reflexarc_error", b"gone"),
        ("reflexarc_status", b"410"),
        ("reflexarc_attempts", b"3"),
        ("reflexarc_failed_at", b"2026-01-02T12:00:00.123+00:00"),
        ("reflexarc_origin", b"3/17"),
    ) == reasons("gone", status="410", attempts=3, failed_at=failed_at, origin="3/17")


def test_a_record_that_carries_its_origin_gets_no_second_one() -> None:
    assert "reflexarc_origin" not in dict(reasons("gone", status="", attempts=0, failed_at=NOON, origin=None))


@given(st.text(st.characters(codec=None), max_size=2000))
def test_a_reason_is_utf_8_within_its_bound_whatever_the_text(text: str) -> None:
    reason = error_of(text)

    assert len(reason) <= LONGEST_REASON
    assert reason.decode() == text.encode(errors="replace").decode()[: len(reason.decode())]


def test_a_reason_is_not_cut_inside_a_character() -> None:
    assert ("x" + 511 * "é").encode() == error_of("x" + 600 * "é")


def test_a_reason_holds_no_secret_even_where_it_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("wide-open-sesame\n")
    secret = Secret.from_file(file).reveal()

    assert secret[:4].encode() not in error_of((LONGEST_REASON - 6) * "x" + secret)
