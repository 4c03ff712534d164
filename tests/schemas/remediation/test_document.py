from __future__ import annotations

from functools import reduce
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.remediation.document import DEEPEST, LEAST, MOST, readable
from schemas.remediation.heard import heard
from schemas.remediation.model import InvalidRemediation
from schemas.remediation.undo import Undo
from tests.streams.guard.asking import cause, request

LEAVES = st.none() | st.booleans() | st.text(max_size=3) | st.integers() | st.floats()


def nested(levels: int) -> Any:
    innermost: Any = 1
    return reduce(lambda inner, number: [inner] if number % 2 else {"a": inner}, range(levels), innermost)


def undo(before: dict[str, Any]) -> Undo:
    return Undo(id="0" * 16, sink="act", action="scale", entity="vc1/vm-1", before=before, person="cli/anna", at=1.0)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner)))
def test_what_passes_can_be_written_and_is_the_same_when_it_is_read(value: Any) -> None:
    try:
        readable(value)
    except ValueError:
        return
    assert value == orjson.loads(orjson.dumps(value))


@pytest.mark.parametrize("value", [LEAST, MOST, nested(DEEPEST), [nested(DEEPEST - 1), 0.5]])
def test_what_everybody_can_read_passes(value: Any) -> None:
    assert value == readable(value)


TOO_MUCH = [LEAST - 1, MOST + 1, float("inf"), float("nan"), nested(DEEPEST + 1), [0, [nested(DEEPEST)]], nested(9**5)]


@pytest.mark.parametrize("value", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_nothing_else_gets_into_a_record(value: Any) -> None:
    for make in (lambda: cause(data=[value]), lambda: request(parameters={"a": value}), lambda: undo({"a": value})):
        with pytest.raises(ValidationError):
            make()


@pytest.mark.parametrize("time", [-1e300, 1e300, -62_135_596_801, 253_402_300_800])
def test_no_time_is_one_that_no_calendar_has(time: float) -> None:
    for make in (lambda: cause(time=time), lambda: request(asked=time)):
        with pytest.raises(ValidationError):
            make()


def test_the_key_of_an_entity_is_short_enough_to_be_remembered() -> None:
    written = orjson.loads(request().encode())
    written["entity"]["moref"] = "m" * 510
    with pytest.raises(InvalidRemediation, match="key is longer than 512"):
        heard(orjson.dumps(written))
