"""Story (a) without simulators: the power-offs of the recorded pages, read here without our decoder."""

from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ops.demo.power_off import EVENT, told

if TYPE_CHECKING:
    from pathlib import Path

    from ops.demo.story import Stage, Story

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
KEY = "{urn:vim25}key"


def play(stage: Stage, pages: dict[str, Path]) -> Story:
    """Wait for the recorded events of every vCenter, which the ingest plays by itself."""
    now = time.time()
    sent = {f"{vcenter}/0/{key}": now for vcenter, folder in pages.items() for key in keys(folder)}
    return told(stage, sent, needs="Go, for simulators instead of recorded pages")


def keys(folder: Path) -> list[int]:
    """The keys of the power-off events in every page of the folder."""
    found = []
    for page in sorted(folder.glob("*.xml.gz")):
        tree = ET.fromstring(gzip.decompress(page.read_bytes()))  # noqa: S314 - our own recording
        for event in tree.iter("{urn:vim25}returnval"):
            key = event.find(KEY)
            if event.get(TYPE) == EVENT and key is not None:
                found.append(int(key.text or ""))
    return found
