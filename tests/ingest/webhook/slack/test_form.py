from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.slack.form import MOST, fields, is_ssl_check
from schemas.errors import InvalidEvent


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), min_size=1, max_size=MOST))
def test_a_form_is_its_fields(given_: dict[str, str]) -> None:
    assert given_ == fields(urlencode(given_).encode())


@pytest.mark.parametrize(
    "body",
    [b"text", b"\xff=1", b"text=%ff", b"a=1&a=2", b"&".join(b"a%d=1" % number for number in range(MOST + 1))],
)
def test_what_is_no_form_or_says_two_things_at_once_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidEvent, match="body: "):
        fields(body)


@given(st.binary(max_size=100))
def test_whatever_the_bytes_are_they_are_a_form_or_refused(body: bytes) -> None:
    with suppress(InvalidEvent):
        assert all(isinstance(value, str) for value in fields(body).values())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"ssl_check=1&token=t", True),
        (b"token=t&ssl_check=1", True),
        (b"ssl_check=0", False),
        (b"text=ssl_check", False),
        (b"text=ssl_check%3D1", False),
        (b"ssl_check=1&ssl_check=0", False),
        (b"ssl_check", False),
        (b"", False),
    ],
)
def test_a_look_at_the_certificate_is_told_from_everything_else(sent: bytes, *, expected: bool) -> None:
    assert expected is is_ssl_check(sent)
