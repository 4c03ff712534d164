from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.imports.original import LARGEST, MOST, Original
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def problem(error: pytest.ExceptionInfo[ConfigError]) -> tuple[int | None, str]:
    (found,) = error.value.problems
    assert found.cure
    return found.line, found.what


def test_documents_keep_the_lines_of_the_file_and_empty_ones_are_left_out() -> None:
    original = Original.of("# a comment\n---\na: 1\n...\n---\n\n--- # another\nb:\n  c: 2\n---\n", "f")
    assert [{"a": 1}, {"b": {"c": 2}}] == [document.data for document in original.documents]
    assert [3, 9] == [original.documents[0].line(("a",)), original.documents[1].line(("b", "c"))]


def test_a_line_that_only_looks_like_a_boundary_is_text() -> None:
    original = Original.of("a: |\n  ---\n  ...\nb: ---x\n", "f")
    assert [{"a": "---\n...\n", "b": "---x"}] == [document.data for document in original.documents]


def test_items_of_a_list_stand_in_its_place_with_their_own_lines() -> None:
    original = Original.of("kind: List\nitems:\n- kind: A\n- kind: B\n  x: 1\n---\nkind: C\n", "f")
    assert ["A", "B", "C"] == [document.data["kind"] for document in original.objects]
    assert [3, 5, 7] == [
        document.line(path) for document, path in zip(original.objects, [("kind",), ("x",), ()], strict=True)
    ]


def test_json_may_be_indented_with_tabs() -> None:
    assert [1, {"a": "b"}] == Original.of('[\n\t1,\n\t{"a":\t"b"}\n]', "f").single.data


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", None, "is empty"),
        ("---\n# nothing\n", None, "is empty"),
        ("a: 1\na: 2\n", 2, "stands here a second time"),
        ("a: 1\n---\nb: [1\nc: 2\n", 4, "has a list that is not closed"),
        ("a: !x y\n", 1, "has a YAML tag"),
        ("---\n" * (MOST + 1), None, f"holds more than {MOST} documents"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_with_its_line(text: str, line: int | None, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Original.of(text, "f")
    assert (line, what) == problem(raised)


def test_where_one_document_is_expected_a_second_one_is_a_fault() -> None:
    with pytest.raises(ConfigError) as raised:
        _ = Original.of("a: 1\n---\nb: 2\n", "f").single
    assert (3, "holds more than one document") == problem(raised)


def test_a_file_that_is_missing_binary_or_huge_is_refused(tmp_path: Path) -> None:
    for content, what in ((None, "no such file"), (b"\xff\xfe", "not UTF-8"), (b" " * (LARGEST + 1), "larger than")):
        path = tmp_path / "file"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ConfigError) as raised:
            Original.read(path)
        assert what in problem(raised)[1]
