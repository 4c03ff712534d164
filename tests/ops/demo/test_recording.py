from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from ingest.vcenter import decode_page
from ops.demo.power_off import EVENT
from ops.demo.recording import keys
from ops.dev.recorded import PAGES

if TYPE_CHECKING:
    from pathlib import Path

ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
    '<e:Body><ReadNextEventsResponse xmlns="urn:vim25">{}</ReadNextEventsResponse></e:Body></e:Envelope>'
)


def page(folder: Path, name: str, *events: tuple[str, int]) -> None:
    rows = "".join(f'<returnval i:type="{kind}"><key>{key}</key></returnval>' for kind, key in events)
    (folder / f"{name}.xml.gz").write_bytes(gzip.compress(ENVELOPE.format(rows).encode()))


def test_power_offs_of_every_page_are_found(tmp_path: Path) -> None:
    page(tmp_path, "2", (EVENT, 7))
    page(tmp_path, "1", ("VmStoppingEvent", 3), (EVENT, 4), ("DrsVmPoweredOffEvent", 5), (EVENT, 6))
    assert [4, 6, 7] == keys(tmp_path)


def test_other_files_are_no_pages(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("no page")
    assert [] == keys(tmp_path)


def test_the_pages_of_the_demo_hold_power_offs_that_our_decoder_finds_too() -> None:
    (recorded,) = PAGES.glob("*.xml.gz")
    decoded = [event.key for event in decode_page(gzip.decompress(recorded.read_bytes())) if event.name == EVENT]
    assert decoded
    assert keys(PAGES) == decoded
