from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.payload import document, repair
from schemas.errors import InvalidEvent
from tests.support.adapters import json_values

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(json_values)
def test_what_is_json_is_left_alone(value: object) -> None:
    body = orjson.dumps(value)

    assert (document.read(body), False) == repair.read(body)


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        (b'{"a": "one\ntwo"}', {"a": "one\ntwo"}),
        (b'{"a": "\x00\ttab"}', {"a": "\x00\ttab"}),
        (b'{"a": "x"\n "b": true\n "c": [] "d": {} "e": null}', {"a": "x", "b": True, "c": [], "d": {}, "e": None}),
        (b'[{"a": "\\"" } {"b": "\\\\"}]', [{"a": '"'}, {"b": "\\"}]),
    ],
)
def test_line_breaks_in_texts_and_missing_commas_are_mended(broken: bytes, meant: object) -> None:
    assert (meant, True) == repair.read(broken)


@given(st.lists(st.dictionaries(texts, texts | st.booleans(), max_size=4), max_size=4))
def test_a_document_without_its_commas_is_the_same_document(value: list[dict[str, object]]) -> None:
    def spoilt(members: dict[str, object]) -> str:
        return "{" + " ".join(f"{_json(name)}: {_json(member)}" for name, member in members.items()) + "}"

    assert value == repair.read(f"[{' '.join(map(spoilt, value))}]".encode())[0]


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b'{"a": "b', b'{"a" "b"}', b"{'a': 1}", b'{"a": 1,}', b'{"a": "say "hi""}', b"\xff{}"]
)
def test_anything_else_is_refused_for_what_is_wrong_with_it_as_it_came(body: bytes) -> None:
    with pytest.raises(InvalidEvent) as refused:
        repair.read(body)
    with pytest.raises(InvalidEvent) as plain:
        document.read(body)

    assert plain.value.message == refused.value.message


def test_a_large_body_is_not_mended() -> None:
    def broken(length: int) -> bytes:
        return b'["\n' + b"x" * length + b'"]'

    assert repair.read(broken(repair.LARGEST - 5))[1]
    with pytest.raises(InvalidEvent, match=r"^body: not JSON"):
        repair.read(broken(repair.LARGEST))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
