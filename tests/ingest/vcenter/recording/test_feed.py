from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.recording.feed import Recording
from ingest.vcenter.recording.header import Header
from ingest.vcenter.recording.pages import Writer
from schemas.errors import Refused
from tests.ingest.vcenter.pages import event, page

PAGES = Path(__file__).parents[3] / "fixtures" / "vcenter-json"


def recording(folder: Path) -> Recording:
    recorded = Recording("vc1", folder)
    recorded.open()
    recorded.seek(EPOCH)
    return recorded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    page = (PAGES / "page_1000_vm_power.xml.gz").read_bytes()
    (tmp_path / "1.xml.gz").write_bytes(page)
    (tmp_path / "2.xml.gz").write_bytes(page)
    return tmp_path


def test_every_page_is_played_once_in_portions(folder: Path) -> None:
    recorded = recording(folder)
    portions = [len(recorded.read(600)) for _ in range(6)]
    assert [600, 400, 600, 400, 0, 0] == portions


def test_seeking_plays_it_again_from_a_moment_on(folder: Path) -> None:
    recorded = recording(folder)
    times = sorted(instant(event.created_time) for event in recorded.read(1000))
    recorded.seek(times[-1])
    assert {times[-1]} == {instant(event.created_time) for event in recorded.read(1000)}


def test_an_event_without_a_readable_time_is_played_with_the_one_before_it(tmp_path: Path) -> None:
    dated = "<createdTime>2026-11-20T09:{:02}:00Z</createdTime>"
    bases = [f"<key>{key}</key>{'' if key % 2 else dated.format(key)}" for key in range(1, 9)]
    path = tmp_path / "1.xml.gz"
    path.write_bytes(gzip.compress(page(*(event("VmPoweredOnEvent", base=base) for base in bases))))
    recorded = recording(tmp_path)
    recorded.seek(instant("2026-11-20T09:06:00Z"))
    assert [1, 6, 7, 8] == [each.key for each in recorded.read(10)]


def test_it_has_ended_once_a_read_found_nothing_more(folder: Path) -> None:
    recorded = recording(folder)
    ended = []
    while recorded.read(1000):
        ended.append(recorded.ended)
    assert ([False, False], True) == (ended, recorded.ended)


def test_it_says_which_server_was_recorded(tmp_path: Path) -> None:
    with Writer(tmp_path / "file") as writer:
        writer.header(Header(instance_uuid="4c", api_version="8.0.2.0"))
    recorded = recording(tmp_path / "file")
    assert ("4c", "8.0.2.0") == (recorded.instance_uuid, recorded.api_version)


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.xml.gz").write_bytes(b"no gzip")
    with pytest.raises(Refused, match="cannot be read"):
        recording(tmp_path)


def test_a_page_that_cannot_be_decoded_is_passed_over_with_its_bytes(folder: Path) -> None:
    (folder / "1.xml.gz").write_bytes(gzip.compress(b"<no page"))
    recorded = recording(folder)
    with pytest.raises(Unreadable) as refusal:
        recorded.read(1000)
    assert (b"<no page", False) == (refusal.value.body, refusal.value.divisible)
    assert 1000 == len(recorded.read(1000))
