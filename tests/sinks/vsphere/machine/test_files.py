"""Paths as a vCenter writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from sinks.vsphere.machine import files
from sinks.vsphere.machine.files import Place

PARTS = st.text("abc o'[]-_.1", min_size=1, max_size=8)


@given(st.text("ds o'-_.1", min_size=1, max_size=8), st.lists(PARTS, max_size=3), PARTS)
def test_a_path_is_taken_apart_and_put_together_again(store: str, folders: list[str], file: str) -> None:
    path = f"[{store}] {'/'.join([*folders, file])}"
    place = Place.of(path)
    assert (store, "/".join(folders), file, path) == (*place, str(place))


def test_a_disk_is_its_own_file_and_those_that_it_is_based_on() -> None:
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo
    base = backing(fileName="[b] base/base.vmdk", diskMode="persistent")
    disk = vim.vm.device.VirtualDisk(backing=backing(fileName="[a] own/own.vmdk", diskMode="persistent", parent=base))
    assert ["[a] own/own.vmdk", "[b] base/base.vmdk"] == [str(each) for each in files.chain(disk)]


@pytest.mark.parametrize("backing", [None, vim.vm.device.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="")])
def test_what_has_no_file_has_none(backing: object) -> None:
    assert [] == [*files.chain(vim.vm.device.VirtualCdrom(backing=backing))]
