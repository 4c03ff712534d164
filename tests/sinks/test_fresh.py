from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.errors import Refused
from sinks.fresh import FRESH, Fresh

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_made_anew_once_it_is_not_fresh_any_more() -> None:
    clock, made = Clock(), iter(range(10))
    fresh = Fresh(lambda: next(made), clock=clock)
    seen = [fresh.get(), fresh.get()]

    clock.now += FRESH
    seen.append(fresh.get())

    assert [0, 0, 1] == seen


def test_what_could_not_be_made_is_tried_again_at_once() -> None:
    answers: Iterator[Refused | int] = iter([Refused("gone"), 7])

    def read() -> int:
        answer = next(answers)
        if isinstance(answer, Refused):
            raise answer
        return answer

    fresh = Fresh(read, clock=Clock())
    with pytest.raises(Refused):
        fresh.get()

    assert 7 == fresh.get()
