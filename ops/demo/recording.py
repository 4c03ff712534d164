"""Story (a) without simulators: the power-offs of the recorded pages, read here without our decoder."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ops.demo.power_off import EVENT, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ops.demo.story import Stage, Story

TITLE = "recorded pages of both vCenters are played; an OpenFaaS function and a Knative receiver get the power-offs"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
KEY = "{urn:vim25}key"


def play(stage: Stage, pages: Mapping[str, Path]) -> Story:
    """Wait for the recorded events of every vCenter, which the ingest plays by itself; when it does is not known."""
    found = {vcenter: keys(folder) for vcenter, folder in pages.items()}
    for vcenter, numbers in found.items():
        stage.report(f"(a) the recorded pages of {vcenter} hold {len(numbers)} power-offs")
    sent = {f"{vcenter}/0/{key}": None for vcenter, numbers in found.items() for key in numbers}
    return told(stage, sent, title=TITLE, needs="Go for live simulators")


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
