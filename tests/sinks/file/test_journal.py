from __future__ import annotations

import errno
import multiprocessing
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinks.file.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0


def journal(path: Path, **settings: Any) -> Journal:
    given = {"sync": True, "rotate_size": None, "rotate_every": None, "keep": None, **settings}
    return Journal(path, **given)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def test_appends_behind_what_is_there(path: Path) -> None:
    path.write_bytes(b'{"a":1}\n')

    journal(path).append([b'{"b":2}', b'{"c":3}'])

    assert b'{"a":1}\n{"b":2}\n{"c":3}\n' == path.read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"a":1}\n{"b":', b'{"a":1}\n'),
        (b'{"a":1}\n{"b":2}', b'{"a":1}\n{"b":2}\n'),
        (b'{"b":', b""),
        (b'{"a":1}\n' + b"x" * 200_000, b'{"a":1}\n'),
        (b'{"a":1}\n', b'{"a":1}\n'),
        (b"", b""),
    ],
)
def test_ends_a_torn_last_line(before: bytes, after: bytes, path: Path) -> None:
    path.write_bytes(before)

    journal(path).append([b"{}"])

    assert after + b"{}\n" == path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.lists(st.integers(0, 99)), cut=st.integers(0, 400))
def test_loses_no_whole_line_wherever_a_writer_died(whole: list[int], cut: int, path: Path) -> None:
    written = b"".join(b'{"n":%d}\n' % number for number in whole)
    path.write_bytes(written[:cut])
    intact = written[:cut].count(b"\n")

    journal(path).append([b"{}"])

    found = lines(path)
    assert b"{}" == found[-1]
    assert found[:-1] in (written.splitlines()[:intact], written.splitlines()[: intact + 1])


def test_begins_a_new_file_when_it_was_moved_away(path: Path) -> None:
    one = journal(path)
    one.append([b"1"])
    path.rename(path.with_suffix(".old"))

    one.append([b"2"])

    assert ([b"1"], [b"2"]) == (lines(path.with_suffix(".old")), lines(path))


def test_puts_a_large_file_aside_and_keeps_as_many_as_it_is_told(path: Path) -> None:
    one = journal(path, rotate_size=10, keep=3)

    for number in range(12):
        one.append([b"%06d" % number])

    assert [[b"000004", b"000005"], [b"000006", b"000007"], [b"000008", b"000009"]] == list(map(lines, one.aside()))
    assert [b"000010", b"000011"] == lines(path)


def test_ends_a_torn_line_of_a_file_that_another_process_has_just_begun(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = journal(path, rotate_size=1)
    one.append([b"1"])
    real = os.open

    def late(file: Any, *arguments: Any) -> int:
        """Between the rotation and the new file another process has opened it, and died."""
        if file == path and not path.exists():
            path.write_bytes(b'{"torn":')
        return real(file, *arguments)

    monkeypatch.setattr(os, "open", late)
    one.append([b"2"])

    assert [b"2"] == lines(path)


def test_a_new_period_begins_a_new_file(path: Path) -> None:
    one = journal(path, rotate_every=DAY)
    one.append([b"1"])
    one.append([b"2"])
    os.utime(path, (time.time() - DAY, time.time() - DAY))

    one.append([b"3"])

    assert ([[b"1", b"2"]], [b"3"]) == (list(map(lines, one.aside())), lines(path))


def test_leaves_files_alone_that_only_look_like_its_own(path: Path) -> None:
    others = [path.with_name(f"{path.name}.{end}") for end in ("1", "20260101T000000Z.gz", "bak")]
    for other in others:
        other.write_text("")
    one = journal(path, rotate_size=1, keep=1)

    for _ in range(4):
        one.append([b"x"])

    assert [True] * 3 == [other.exists() for other in others]
    assert 1 == len(one.aside())


def test_a_batch_that_does_not_fit_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = journal(path)
    one.append([b"before"])
    real, room = os.write, [3, 0]

    def write(file: int, data: memoryview) -> int:
        """A disk with room for three more bytes."""
        size = room.pop(0)
        if not size:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data[:size])

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space"):
        one.append([b"lost", b"lost too"])
    monkeypatch.undo()
    one.append([b"after"])

    assert [b"before", b"after"] == lines(path)


def _many(path: Path, writer: int) -> None:
    one = journal(path, sync=False, rotate_size=4_000)
    for number in range(300):
        one.append([b'{"writer":%d,"number":%d}' % (writer, number)] * 2)


def test_several_processes_share_a_file_and_its_rotation(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_many, args=(path, writer)) for writer in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    found = [line for part in [*journal(path).aside(), path] for line in lines(part)]
    expected = [b'{"writer":%d,"number":%d}' % (writer, number) for writer in range(3) for number in range(300)]
    assert sorted(2 * expected) == sorted(found)
    assert all(one == two for one, two in zip(found[::2], found[1::2], strict=True))
