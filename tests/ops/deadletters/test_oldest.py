from __future__ import annotations

import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ops.deadletters.oldest import oldest
from tests.ops.deadletters.written import dead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deadletters.letter import Letter


@given(times=st.lists(st.integers(-5, 5), max_size=30), limit=st.integers(1, 10))
def test_the_oldest_come_first_and_all_are_counted(times: list[int], limit: int) -> None:
    """As a stable sort of all of them would have it."""
    letters = [replace(dead(number), headers=(), timestamp=1_000 * time) for number, time in enumerate(times)]
    expected = [each.offset for each in sorted(letters, key=lambda each: each.failed_at)[:limit]]
    assert (len(times), expected) == oldest(letters, limit, lambda each: each.offset)


def test_no_letter_is_kept() -> None:
    """A letter may be large, and many of them are shown."""
    seen: list[weakref.ref[Letter]] = []
    alive = []

    def letters() -> Iterator[Letter]:
        for number in range(50):
            letter: Any = dead(number)
            seen.append(weakref.ref(letter))
            yield letter
            del letter
            alive.append(sum(each() is not None for each in seen))

    assert 50 == oldest(letters(), 50, lambda each: each.place)[0]
    assert max(alive) <= 1
