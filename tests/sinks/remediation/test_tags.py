from __future__ import annotations

import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.session import Session
from clients.vsphere.target import find
from sinks.remediation import tags as module
from sinks.remediation.tags import Tags
from tests.support.inventory import TagDesk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

NAMES = ("DC0_C0_RP0_VM0", "DC0_C0_RP0_VM1", "DC0_C0_RP0_VM2")


@pytest.fixture
def tags(vcenters: dict[str, VcenterConfig]) -> Iterator[Tags]:
    with closing(Tags([vcenters["vc1"]])) as tags:
        yield tags


@pytest.mark.parametrize("portion", [1, 2, 500])
def test_several_objects_have_each_their_own_tags(
    vcenters: dict[str, VcenterConfig], tags: Tags, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(module, "PORTION", portion)
    category = f"c{uuid.uuid4().hex[:8]}"
    with Session(vcenters["vc1"]) as session, closing(TagDesk(vcenters["vc1"])) as desk:
        targets = [find([session], name) for name in NAMES]
        made = desk.make_all(category, ("a", "b"))
        for tag, target in (("a", targets[0]), ("b", targets[2]), ("a", targets[2])):
            desk.tie("attach", made[tag], target.reference)
        found = [[tag for tag in each or () if tag.startswith(category)] for each in tags.of_each(targets)]
    assert [[f"{category}/a"], [], [f"{category}/a", f"{category}/b"]] == found


def test_what_cannot_be_read_is_not_known_of_any(
    vcenters: dict[str, VcenterConfig], tags: Tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.vsphere.tagging.LARGEST", 1)
    with Session(vcenters["vc1"]) as session:
        found = tags.of_each([find([session], name) for name in NAMES])
    assert [None] * 3 == found
