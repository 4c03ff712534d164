from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DeliveryError, Reject, Retry, Unavailable
from streams.delivery.joint import by_answer, leaves_open

ANSWERS = (None, Retry("busy"), Retry("busy"), Reject("no"))


@given(st.lists(st.sampled_from(ANSWERS)))
def test_everybody_is_in_one_group_of_one_answer(answers: list[DeliveryError | None]) -> None:
    groups = by_answer(dict(enumerate(answers)))

    assert list(range(len(answers))) == sorted(number for _, group in groups for number in group)
    assert all(answers[number] is answer for answer, group in groups for number in group)
    assert len(groups) == len({id(answer) for answer, _ in groups})


@pytest.mark.parametrize(
    "answer",
    [
        Reject("no", status="400"),
        Retry("busy", status="500"),
        Retry("silence"),
        Retry("forbidden", status="403"),
    ],
)
def test_what_is_said_of_several_may_be_about_one(answer: DeliveryError) -> None:
    assert leaves_open(answer)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Retry("who are you", status="401"),
        Retry("overloaded", status="503"),
        Retry("slow down", status="ThrottlingException", after=1.0),
        Unavailable("away"),
    ],
)
def test_what_is_said_of_the_sink_is_about_all(answer: DeliveryError | None) -> None:
    assert not leaves_open(answer)
