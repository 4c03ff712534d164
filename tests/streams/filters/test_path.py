from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters.effort import Effort, Exhausted
from streams.filters.path import Path

EVENT = {
    "Vm": {"Name": "web-01", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}},
    "Host": None,
    "Arguments": [
        {"Key": "Tag", "Value": "t1"},
        {"Key": "Object", "Value": "vm1"},
        {"Key": "n", "Value": 5},
        {"Key": 7, "Value": "seven"},
        {"Key": True, "Value": "yes"},
        "stray",
    ],
    "a.b": {"c": 1},
    "grid": [[1, 2], [3, [4]]],
    "x[0]": "brackets",
    'q"': "quote",
    "empty": [],
    "a=b": [{"k=": "v]"}],
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("Vm.Name", ["web-01"]),
        ("Vm.Vm.Value", ["vm-55"]),
        ("Vm.Vm", [{"Type": "VirtualMachine", "Value": "vm-55"}]),
        ("Host", [None]),
        ("Host.Name", []),
        ("Vm.Name.First", []),
        ("Nothing.Here", []),
        ("Arguments.Value", ["t1", "vm1", 5, "seven", "yes"]),
        ("Arguments[Key=Tag].Value", ["t1"]),
        ('Arguments["Key"="Tag"].Value', ["t1"]),
        ("Arguments[Key=7].Value", ["seven"]),
        ("Arguments[Key=true].Value", ["yes"]),
        ("Arguments[Key=Other].Value", []),
        ("Arguments[0].Value", ["t1"]),
        ("Arguments[9].Value", []),
        ("Vm[0]", []),
        ('"a.b".c', [1]),
        ("a.b.c", []),
        ("grid", [1, 2, 3, 4]),
        ("grid[1]", [3, 4]),
        ("grid[1][1]", [4]),
        ('"x[0]"', ["brackets"]),
        (r'"q\""', ["quote"]),
        ("empty", []),
        ('"a=b"["k="="v]"]', [{"k=": "v]"}]),
        ("a=b", [{"k=": "v]"}]),
    ],
)
def test_a_path_yields_every_value_it_reaches(path: str, values: list[Any]) -> None:
    assert values == Path.of(path).reach(EVENT, Effort())


def test_a_document_may_be_an_array() -> None:
    assert ["b"] == Path.of("[1].name").reach([{"name": "a"}, {"name": "b"}], Effort())
    assert ["a", "b"] == Path.of("name").reach([{"name": "a"}, {"name": "b"}], Effort())


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("", "is empty"),
        (".", "is not a path at character 1"),
        ("Vm.", "is not a path at character 3"),
        ("Vm..Name", "is not a path at character 4"),
        (".Name", "is not a path at character 1"),
        ("Arguments[", "is not a path at character 10"),
        ("Arguments[Key]", "is not a path at character 10"),
        ("Arguments[-1]", "is not a path at character 10"),
        ("Arguments[0]Value", "is not a path at character 13"),
        ("Arguments.[0]", "is not a path at character 11"),
        ('"open', "is not a path at character 1"),
        (r'"a\b"', "is not a path at character 1"),
        ("a]", "is not a path at character 2"),
        ("a" * 1025, "is longer than 1024 characters"),
        (".".join("a" * 33), "has more than 32 steps"),
    ],
)
def test_what_is_no_path_is_refused_with_the_place(path: str, what: str) -> None:
    with pytest.raises(ValueError, match=what[:5]) as caught:
        Path.of(path)
    assert what == str(caught.value)


def test_two_spellings_of_one_path_are_equal() -> None:
    assert Path.of("Vm.Name") == Path.of('Vm."Name"')
    assert hash(Path.of("Vm.Name")) == hash(Path.of('"Vm".Name'))


def test_a_path_reads_as_it_was_written() -> None:
    assert 'Vm."Name"' == str(Path.of('Vm."Name"'))


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5))
def test_any_keys_can_be_quoted(keys: list[str]) -> None:
    document: Any = "here"
    for key in reversed(keys):
        document = {key: document}
    escaped = [key.replace("\\", "\\\\").replace('"', '\\"') for key in keys]
    assert ["here"] == Path.of(".".join(f'"{key}"' for key in escaped)).reach(document, Effort())


@given(st.text(alphabet='aK."\\[]=0', max_size=12))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        path = Path.of(text)
    except ValueError:
        return
    assert path.steps


def test_arrays_beyond_the_effort_are_not_walked() -> None:
    with pytest.raises(Exhausted):
        Path.of("a").reach({"a": [1] * 100_000}, Effort())


def test_arrays_may_nest_as_deep_as_the_parser_allows() -> None:
    document: Any = "deep"
    for _ in range(1020):
        document = [document]
    assert ["deep"] == Path.of("a").reach({"a": document}, Effort())
