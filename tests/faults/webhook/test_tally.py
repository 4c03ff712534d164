from __future__ import annotations

import pytest

from tests.faults.webhook.journal import CUT, REFUSED, Entry
from tests.faults.webhook.tally import Tally, in_flight, tally

SINGLE = Entry(("s-1",), 202, 1.0, 2.0)
BATCH = Entry(("b-0-0", "b-0-1"), 202, 1.0, 3.0)
CUT_OFF = Entry(("b-5-0", "b-5-1"), CUT, 1.0, 3.0)


@pytest.mark.parametrize(
    ("journal", "found", "damage"),
    [
        ([SINGLE, BATCH], ["s-1", "b-0-0", "b-0-1"], (0, 0, 0, 0)),
        ([SINGLE], ["s-1", "s-1"], (0, 0, 0, 0)),
        ([SINGLE], [], (1, 0, 0, 0)),
        ([BATCH], ["b-0-0", "b-0-1", "b-0-1"], (0, 1, 0, 0)),
        ([BATCH], ["b-0-0"], (1, 0, 1, 0)),
        ([CUT_OFF], [], (0, 0, 0, 0)),
        ([CUT_OFF], ["b-5-0", "b-5-1"], (0, 0, 0, 0)),
        ([CUT_OFF], ["b-5-1"], (0, 0, 1, 0)),
        ([SINGLE], ["s-1", "s-2"], (0, 0, 0, 1)),
    ],
)
def test_each_kind_of_damage_is_counted(
    journal: list[Entry], found: list[str], damage: tuple[int, int, int, int]
) -> None:
    """A promise is a 202; a batch is whole and once even without one."""
    assert Tally(sum(entry.accepted for entry in journal), *damage) == tally(journal, found)


def test_in_flight_is_what_was_sent_and_not_answered() -> None:
    """What met no server was never under way."""
    refused = Entry(("s-3",), REFUSED, 1.0, 3.0)
    assert [0, 3, 2, 0] == [in_flight([SINGLE, BATCH, CUT_OFF, refused], at) for at in (0.5, 1.5, 2.5, 3.5)]
