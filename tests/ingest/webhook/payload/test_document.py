from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.payload import document
from schemas.errors import InvalidEvent
from tests.support.adapters import json_values

numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@given(json_values)
def test_what_is_read_is_written_as_compact_json(value: object) -> None:
    body = orjson.dumps(value)

    assert body == document.write(document.read(orjson.dumps(value, option=orjson.OPT_INDENT_2)))


@given(numbers)
def test_a_number_keeps_its_spelling(number: str) -> None:
    assert f'{{"a":[{number}]}}'.encode() == document.write(document.read(f' {{"a": [{number} ] }}'.encode()))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[NaN]", b'"\\ud800"', b"[" * 2000, b"{} {}", b"\xef\xbb\xbf{}"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidEvent, match=r"^body: not JSON: "):
        document.read(body)


@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}")])
def test_so_deep_and_no_deeper(pair: tuple[bytes, bytes]) -> None:
    def nested(times: int) -> bytes:
        return pair[0] * times + b"0" + pair[1] * times

    assert nested(document.DEEPEST) == document.write(document.read(nested(document.DEEPEST)))
    with pytest.raises(InvalidEvent, match=r"^body: objects and arrays nest deeper than 64$"):
        document.read(nested(document.DEEPEST + 1))
