from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook import jsonbounds
from ingest.webhook.payload.document import DEEPEST
from ingest.webhook.problem import Problem


def passes(body: bytes) -> bool:
    try:
        jsonbounds.check(body)
    except Problem as problem:
        return (problem.status, problem.field) != (400, "body")
    return True


@pytest.mark.parametrize(("depth", "expected"), [(2, True), (62, True), (66, False), (10_000, False)])
def test_depth_is_bounded(depth: int, *, expected: bool) -> None:
    document = b"[" * depth + b"{}," * 100 + b"1" + b"]" * depth
    assert expected is passes(document)


def test_the_deepest_document_is_as_deep_as_it_says() -> None:
    beside = b",".join([b"[]"] * 100)
    assert passes(b"[" * 63 + beside + b"]" * 63)
    assert not passes(b"[" * 64 + beside + b"]" * 64)


@pytest.mark.parametrize(("number", "expected"), [(99_999, True), (100_001, False)])
def test_the_number_of_values_is_bounded(number: int, *, expected: bool) -> None:
    assert expected is passes(b"[" + b",".join([b"0"] * number) + b"]")


def test_what_stands_in_strings_does_not_count() -> None:
    assert passes(json.dumps(["[{" * 500, ',"\\' * 60_000, "\\", '"[']).encode())


def test_what_opens_and_never_closes_is_as_deep_as_it_opens() -> None:
    assert not passes(b"[" * 100_000)
    assert not passes(b'{"a":' * 65)


values = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=30,
)


@given(values, st.integers(0, 70))
def test_a_document_passes_when_it_is_no_deeper_than_it_may_be(value: object, wraps: int) -> None:
    for _ in range(wraps):
        value = [value]
    assert (depth(value) <= DEEPEST) is passes(json.dumps(value, ensure_ascii=False).encode())


def depth(value: object) -> int:
    match value:
        case list():
            return 1 + max(map(depth, value), default=0)
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case _:
            return 0


@given(st.binary(max_size=400) | st.text('[]{},"\\a', max_size=400).map(str.encode))
def test_whatever_the_bytes_they_pass_or_are_refused(body: bytes) -> None:
    passes(body)
