from __future__ import annotations

import gzip
import os
import resource
import stat
import zlib
from typing import TYPE_CHECKING

import pytest

from ingest.vcenter.recording import pages as module
from ingest.vcenter.recording.header import Header
from ingest.vcenter.recording.pages import Writer, header, pages
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HEADER = Header(vcenter="vc1", instance_uuid="4c", api_version="8.0.2.0", clock="2026-01-31T06:00:00+00:00")
BODIES = [b"<one/>", b"", b"<three>\xff</three>" * 100]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A recording of three pages, one of them empty."""
    path = tmp_path / "vc1.pages.gz"
    with Writer(path) as writer:
        writer.header(HEADER)
        for body in BODIES:
            writer.page(body)
    return path


def test_pages_come_back_byte_for_byte_with_what_is_known_of_their_vcenter(file: Path) -> None:
    assert (HEADER, BODIES) == (header(file), list(pages(file)))


def test_any_gzip_program_shows_what_is_in_it(file: Path) -> None:
    assert HEADER.dumps() + b"".join(BODIES) == gzip.decompress(file.read_bytes())


def test_only_its_owner_may_read_it(file: Path) -> None:
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_a_recording_is_never_written_over(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refused, match="exists"):
        Writer(file)
    assert before == file.read_bytes()


def test_a_recording_without_a_page_leaves_no_file(tmp_path: Path) -> None:
    with Writer(tmp_path / "none"):
        pass
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot write"):
        Writer(tmp_path / "nowhere" / "file")


def test_every_page_is_on_disk_before_the_next_one_comes(tmp_path: Path) -> None:
    with Writer(tmp_path / "file") as writer:
        for number in range(1, 4):
            writer.page(b"<page/>")
            assert number == len(list(pages(tmp_path / "file")))


@pytest.fixture
def room() -> Iterator[Callable[[int], None]]:
    """Sets how many bytes the system lets a file have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("left", [0, 1, 20, 1000])
def test_what_is_written_of_a_page_that_finds_no_room_is_taken_back(
    tmp_path: Path, room: Callable[[int], None], left: int
) -> None:
    path, large = tmp_path / "file", os.urandom(2000)
    with Writer(path) as writer:
        writer.page(b"<one/>")
        room(path.stat().st_size + left)
        with pytest.raises(Refused, match="cannot write"):
            writer.page(large)
        room(1 << 20)
        writer.page(b"<two/>")
    assert [b"<one/>", b"<two/>"] == list(pages(path))


def test_cut_anywhere_it_gives_its_whole_pages_and_says_what_is_missing(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = file.read_bytes()
    ends = [len(whole) - len(rest) for rest in _rests(whole)]
    for length in range(1, len(whole)):
        file.write_bytes(whole[:length])
        caplog.clear()
        expected = BODIES[: max(0, sum(end <= length for end in ends) - 1)]
        assert expected == list(pages(file))
        assert (length not in ends) == ("ends inside a page" in caplog.text)


def _rests(data: bytes) -> list[bytes]:
    rests = []
    while data:
        inflater = zlib.decompressobj(31)
        inflater.decompress(data)
        data = inflater.unused_data
        rests.append(data)
    return rests


def test_small_blocks_make_no_difference(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 7)
    assert BODIES == list(pages(file))


def test_recordings_are_joined_by_putting_one_behind_the_other(file: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined"
    joined.write_bytes(gzip.compress(b"<zero/>") + file.read_bytes() + file.read_bytes())
    assert [b"<zero/>", *BODIES, *BODIES] == list(pages(joined))


def test_a_gzipped_page_is_a_recording_of_nobody(tmp_path: Path) -> None:
    file = tmp_path / "page.xml.gz"
    file.write_bytes(gzip.compress(b"<page/>"))
    assert (Header(), [b"<page/>"]) == (header(file), list(pages(file)))


def test_the_files_of_a_folder_are_played_in_the_order_of_their_names(file: Path) -> None:
    (file.parent / "a.gz").write_bytes(gzip.compress(b"<first/>"))
    (file.parent / "README").write_text("no page")
    assert [b"<first/>", *BODIES] == list(pages(file.parent))


def test_a_damaged_page_is_refused(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[-5] ^= 0xFF  # its checksum
    file.write_bytes(body)
    with pytest.raises(Refused, match="cannot be read"):
        list(pages(file))


@pytest.mark.parametrize("content", [b"no gzip", b"\x1f\x8b nearly"])
def test_what_is_no_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Refused, match="cannot be read"):
        header(tmp_path / "file")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        header(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no page in"):
        header(tmp_path)


def test_a_page_that_swells_is_cut_and_the_next_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 100)
    monkeypatch.setattr(module, "MAX_BODY", 1000)
    (tmp_path / "file").write_bytes(gzip.compress(bytes(100_000)) + gzip.compress(b"<next/>"))
    swollen, following = pages(tmp_path / "file")
    assert 1000 < len(swollen) <= 1100
    assert b"<next/>" == following


@pytest.mark.parametrize("body", [b"{", b'{"vcenter": "vc1"}', b'{"recording": "one"}', b'{"recording": null}'])
def test_what_only_looks_like_a_header_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="not the header"):
        Header.loads(body)


def test_a_header_of_a_newer_form_is_refused() -> None:
    with pytest.raises(Refused, match="a recording of form 2"):
        Header.loads(b'{"recording": 2}')


def test_a_header_may_say_less_or_more_than_is_known() -> None:
    assert Header(vcenter="vc1") == Header.loads(b'{"recording": 1, "vcenter": "vc1", "weather": "fair"}')
