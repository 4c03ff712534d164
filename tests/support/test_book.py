from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.book import Book

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_row_is_printed_under_its_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Book("figures", ("lost", "seconds"), tmp_path).add(0, "1.5")
    header, rule, row = capsys.readouterr().err.splitlines()
    assert ("| at | lost | seconds |", "|---|---|---|") == (header, rule)
    assert row.endswith(" | 0 | 1.5 |")


def test_rows_of_many_runs_are_kept_under_one_header(tmp_path: Path) -> None:
    for number in range(2):
        Book("figures", ("lost",), tmp_path).add(number)
    assert ["| at | lost |", "|---|---|"] == (tmp_path / "figures.md").read_text().splitlines()[:2]
    assert 4 == len((tmp_path / "figures.md").read_text().splitlines())


def test_other_columns_begin_a_table_of_their_own(tmp_path: Path) -> None:
    Book("figures", ("lost",), tmp_path).add(0)
    Book("figures", ("found",), tmp_path).add(1)
    assert 6 == len((tmp_path / "figures.md").read_text().splitlines())
