from __future__ import annotations

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.keys import keyring
from schemas.remediation.answer import Answer
from schemas.remediation.heard import heard
from schemas.remediation.model import HEARD, InvalidRemediation
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import request_id
from schemas.remediation.signature import Unsigned
from tests.streams.guard.asking import request

RING = keyring([b"k" * 32, b"o" * 32])
ANSWER = Answer(id="0" * 16, scope="vc1", approve=True, person="cli/anna", reason="go on", at=1.5)


@pytest.mark.parametrize(
    "record",
    [request(), Outcome(id="0" * 16, scope="vc1", state="failed", reason="no", at=1.0), ANSWER.signed(RING)],
    ids=["request", "outcome", "answer"],
)
def test_what_is_written_is_heard(record: Outcome) -> None:
    assert record == heard(record.encode())


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{",
        b"[]",
        b'{"v":2,"kind":"outcome"}',
        b'{"v":1,"kind":"order"}',
        b'{"v":1,"kind":"outcome","id":"x"}',
        b" " * (HEARD + 1),
    ],
)
def test_anything_else_is_refused_without_being_quoted(value: bytes | None) -> None:
    with pytest.raises(InvalidRemediation) as caught:
        heard(value)
    assert "secret" not in str(caught.value)


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.text() | st.floats() | st.booleans(), st.lists).map(orjson.dumps)
)
def test_no_value_is_more_than_refused(value: bytes) -> None:
    with suppress(InvalidRemediation):
        heard(value)


def test_an_answer_is_believed_with_any_of_our_keys() -> None:
    for ring in (RING, RING[::-1], RING[:1]):
        ANSWER.signed(RING).verify(ring)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "1" * 16},
        {"scope": "vc2"},
        {"approve": False},
        {"person": "cli/eve"},
        {"reason": ""},
        {"at": 2.0},
        {"key": ""},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_answer_that_was_changed_is_not(changed: dict[str, object]) -> None:
    with pytest.raises(Unsigned):
        ANSWER.signed(RING).model_copy(update=changed).verify(RING)


def test_an_answer_without_a_key_of_ours_is_not_believed() -> None:
    for answer, ring in ((ANSWER, RING), (ANSWER.signed(RING), RING[1:]), (ANSWER.signed(RING), ())):
        with pytest.raises(Unsigned):
            answer.verify(ring)


def test_an_id_is_that_of_its_sink_and_event_and_of_nothing_else() -> None:
    assert request_id("a", "b", "c") == request_id("a", "b", "c")
    assert 3 == len({request_id("a", "b", "c"), request_id("ab", "", "c"), request_id("a", "bc", "")})


def test_the_id_of_a_part_is_its_own_and_that_of_the_whole_is_what_it_was() -> None:
    assert "db0a8b920d42f074" == request_id("a", "b", "c") == request_id("a", "b", "c", 0)
    assert 4 == len({request_id("a", "b", "c", part) for part in range(3)} | {request_id("a", "b", "c1")})


@pytest.mark.parametrize(
    "said",
    [
        {"part": 3, "parts": 2},
        {"part": 0, "parts": 2},
        {"part": -1, "parts": 2},
        {"part": 65, "parts": 65},
        {"part": 1, "parts": 1, "entity": None, "unresolved": "nothing is there"},
    ],
)
def test_what_is_no_part_of_an_event_is_no_request(said: dict[str, object]) -> None:
    assert (2, 2) == (request(part=2, parts=2).part, request(part=2, parts=2).parts)
    with pytest.raises(ValueError, match="part"):
        request(**said)
