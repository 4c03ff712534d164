from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas import token


@given(st.binary())
def test_what_is_encoded_is_decoded(content: bytes) -> None:
    assert content == token.decode(token.encode(content))


@given(st.text())
def test_bytes_have_one_spelling(text: str) -> None:
    content = token.decode(text)

    assert content is None or text == token.encode(content)


@given(st.lists(st.binary(max_size=3), max_size=4), st.lists(st.binary(max_size=3), max_size=4))
def test_other_parts_make_other_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (one == other) is (token.joined(*one) == token.joined(*other))
