"""A value is the record that was written, or is refused in words."""

from __future__ import annotations

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from schemas import form
from schemas.errors import ReflexarcError


class Wrong(ReflexarcError):  # noqa: N818 - a name for this test
    """What the caller wants raised."""


class Thing(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)

    name: str
    size: int = 0


def decode(value: bytes) -> Thing:
    return form.decode(Thing, value, 2, largest=1_000, invalid=Wrong)


@given(name=st.text(max_size=100), size=st.integers(-(2**63), 2**63 - 1))
def test_what_was_written_is_read(name: str, size: int) -> None:
    """With its version in front."""
    value = form.encode(Thing(name=name, size=size), 2)
    assert (Thing(name=name, size=size), b'{"v":2,') == (decode(value), value[:7])


@given(st.binary(max_size=1_100))
def test_whatever_comes_from_outside_is_a_record_or_refused_as_the_caller_says(value: bytes) -> None:
    """Nothing else is raised."""
    with suppress(Wrong):
        assert isinstance(decode(value), Thing)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b" " * 1_001, "has 1001 bytes instead of 1000 at most"),
        (b"{", "is no JSON: "),
        (b"[2]", "is not a record of form 2"),
        (orjson.dumps({"v": 1, "name": "x"}), "is not a record of form 2"),
        (orjson.dumps({"v": 2}), "name: "),
        (orjson.dumps({"v": 2, "name": "x", "size": "secret"}), "size: "),
    ],
)
def test_the_reason_is_said_without_the_value(value: bytes, why: str) -> None:
    """It goes on from the name of the record."""
    with pytest.raises(Wrong) as raised:
        decode(value)
    assert (True, False) == (raised.value.message.startswith(why), "secret" in raised.value.message)
