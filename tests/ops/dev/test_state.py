from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ops.dev.state import Record, component_folder, exclusive, password

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.dev.services import Quiet

RECORD = Record("kafka", "kafka", "external", "/cache", "127.0.0.1:9092", "a note", {"username": "u"})


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    RECORD.write(tmp_path)

    assert RECORD == Record.read(tmp_path, "kafka")


def test_records_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("vc2", "kafka", "vc1"):
        Record(name, "vcsim", "absent", "/cache").write(tmp_path)

    assert ["kafka", "vc1", "vc2"] == [record.name for record in Record.read_all(tmp_path)]


def test_a_state_that_does_not_exist_has_no_records(tmp_path: Path) -> None:
    assert () == Record.read_all(tmp_path / "none")


def test_forgetting_a_record_keeps_the_other_files_of_the_component(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    (tmp_path / "kafka" / "data").touch()

    RECORD.forget(tmp_path)

    assert Record.read(tmp_path, "kafka") is None
    assert (tmp_path / "kafka" / "data").exists()


def test_a_component_folder_is_private(tmp_path: Path) -> None:
    assert 0o700 == component_folder(tmp_path, "kafka").stat().st_mode & 0o777


def test_a_password_is_private_and_stays_the_same(tmp_path: Path) -> None:
    first = password(tmp_path / "password")

    assert first == password(tmp_path / "password")
    assert 0o600 == (tmp_path / "password").stat().st_mode & 0o777
    assert len(first) >= 32


def test_two_passwords_differ(tmp_path: Path) -> None:
    assert password(tmp_path / "one") != password(tmp_path / "two")


def test_only_one_at_a_time_is_inside_and_the_other_says_that_it_waits(tmp_path: Path, quiet: Quiet) -> None:
    inside: list[str] = []
    waits = threading.Event()

    def second() -> None:
        with exclusive(tmp_path, lambda _: waits.set(), waiting="busy"):
            inside.append("second")

    thread = threading.Thread(target=second)
    with exclusive(tmp_path, quiet, waiting="busy"):
        thread.start()
        assert waits.wait(10)
        inside.append("first")
    thread.join(10)

    assert ["first", "second"] == inside
    assert [] == quiet.lines
