from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.config import PatternConfig

if TYPE_CHECKING:
    from pathlib import Path

FILES = [
    (b"", "is no JSON in line 1: ", "mend it; JSON has no comments"),
    (b'{\n  "source": [\n  }\n}', "is no JSON in line 3: ", "mend it; JSON has no comments"),
    (b"\xff", "is no JSON in line 1: ", "mend it; JSON has no comments"),
    (b"[" * 5000, "is no JSON in line 1: ", "mend it; JSON has no comments"),
    (
        b"[]",
        "holds no JSON object",
        'write a pattern such as {"detail": {"subject": ["VmPoweredOnEvent"]}}',
    ),
    (b" " * 70_000, "is larger than 65536 bytes", "split the pattern over several routes"),
]


def fault(given: dict[str, Any]) -> Any:
    with pytest.raises(ValidationError) as caught:
        PatternConfig.model_validate(given)
    return caught.value.errors()[0]["ctx"]["error"]


@pytest.mark.parametrize(("body", "what", "cure"), FILES, ids=lambda value: str(value)[:30])
def test_a_file_that_holds_no_pattern_is_told_with_the_line(tmp_path: Path, body: bytes, what: str, cure: str) -> None:
    file = tmp_path / "pattern.json"
    file.write_bytes(body)
    found = fault({"file": file})
    assert ("file", cure) == (found.field, found.cure)
    assert found.what.startswith(what)


@pytest.mark.parametrize(("name", "what"), [("none.json", "no such file or directory"), ("", "is a directory")])
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, name: str, what: str) -> None:
    found = fault({"file": tmp_path / name})
    assert (f"cannot be read: {what}", "name a file that can be read") == (found.what, found.cure)


def test_what_the_file_held_is_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "pattern.json"
    file.write_text('{"detail": {"subject": ["a"]}}')
    before = PatternConfig(file=file)
    file.write_text('{"detail": {"subject": ["b"]}}')
    assert before != PatternConfig(file=file)
    assert before.content == {"detail": {"subject": ["a"]}}


@pytest.mark.parametrize("given", [{}, {"file": "a.json", "rule_arn": "b"}])
def test_a_pattern_is_in_one_place(given: dict[str, Any]) -> None:
    assert fault(given).what == "needs one of file and rule_arn"
