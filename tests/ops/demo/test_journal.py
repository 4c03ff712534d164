from __future__ import annotations

from typing import TYPE_CHECKING

from ops.demo.journal import Journal, entries

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    expected = [{"number": number, "text": "line\nbreak"} for number in range(3)]
    for entry in expected:
        journal.write(entry)
    assert expected == list(entries(tmp_path / "a.jsonl"))
    journal.close()


def test_several_writers_share_a_file(tmp_path: Path) -> None:
    writers = [Journal(tmp_path / "a.jsonl") for _ in range(2)]
    for number in range(4):
        writers[number % 2].write({"number": number})
    for writer in writers:
        writer.close()
    assert [0, 1, 2, 3] == [entry["number"] for entry in entries(tmp_path / "a.jsonl")]


def test_an_entry_that_is_being_written_is_not_read_yet(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"number":1}\n{"number":')
    assert [{"number": 1}] == list(entries(tmp_path / "a.jsonl"))


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert [] == list(entries(tmp_path / "a.jsonl"))
