from __future__ import annotations

import pytest

from streams.filters import MISSING
from streams.transforms.keypath import KeyPath

DATA = {"Vm": {"Name": "web-1", "Host": None}, "Tags": ["a"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Vm", DATA["Vm"]), ("Vm.Name", "web-1"), ("Vm.Host", None), ("Vm.Host.Name", MISSING), ("Tags.0", MISSING)],
)
def test_a_place_reads_members_of_objects_only(text: str, expected: object) -> None:
    assert expected == KeyPath.of(text).get(DATA)


def test_a_question_mark_makes_a_place_optional_and_is_no_part_of_its_key() -> None:
    assert (("Vm", "Name"), True) == (KeyPath.of("Vm.Name?").keys, KeyPath.of("Vm.Name?").optional)
    assert not KeyPath.of("Vm.Name").optional


@pytest.mark.parametrize("text", ["", "?", ".", "Vm.", ".Vm", "Vm..Name", ".".join("abcdefghijklmnopq")])
def test_a_text_without_a_key_in_each_part_or_too_deep_spells_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="has "):
        KeyPath.of(text)


def test_a_place_holds_itself_and_what_lies_inside_it() -> None:
    vm, name, other = KeyPath.of("Vm"), KeyPath.of("Vm.Name"), KeyPath.of("VmName")
    assert (True, True, False, False) == (vm.holds(vm), vm.holds(name), name.holds(vm), vm.holds(other))
