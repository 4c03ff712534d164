from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Refused
from schemas.keys import SHORTEST, keyring, named

LINES = [b"a" * SHORTEST, b"b" * SHORTEST]


def test_every_line_is_a_key_with_a_name_that_it_keeps() -> None:
    first, second = keyring(LINES)

    assert (second, first) == keyring(LINES[::-1])
    assert first.id != second.id
    assert first == named([second, first], first.id)
    assert None is named([second], first.id)


@pytest.mark.parametrize("lines", [[], [b"a" * (SHORTEST - 1)], [*LINES, b"short"]])
def test_a_file_without_keys_or_with_a_short_one_is_refused_with_its_cure(lines: list[bytes]) -> None:
    with pytest.raises(Refused, match="openssl rand"):
        keyring(lines)


def test_what_one_purpose_uses_is_of_no_use_for_another() -> None:
    (key,) = keyring(LINES[:1])

    assert key.material("seal") == key.material("seal")
    assert 3 == len({key.material("seal"), key.material("sign"), key.line})
    assert 32 == len(key.material("seal"))


@given(st.binary(min_size=SHORTEST, max_size=64))
def test_neither_the_name_nor_the_text_of_a_key_holds_any_of_it(line: bytes) -> None:
    (key,) = keyring([line])

    assert f"Key({key.id})" == repr(key)
    assert line.hex()[:16] != key.id
