from __future__ import annotations

from schemas.remediation.entity import Entity

FOLDER = Entity(vcenter="vc1", moref="group-v3", kind="Folder", name="vm")


def test_what_is_there_is_known_by_its_vcenter_and_its_moref() -> None:
    assert "vc1/group-v3" == FOLDER.key


def test_machines_that_are_still_to_be_made_in_one_folder_are_told_apart() -> None:
    keys = [FOLDER.model_copy(update={"name": name, "new": name}).key for name in ("a", "b")]
    assert ["vc1/group-v3/a", "vc1/group-v3/b"] == keys
