from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.vcenter.position.checkpoint import Place
from ingest.vcenter.position.trace import Trace
from ingest.vcenter.tailing import notices
from ingest.vcenter.tailing.losses import SHOWN, Losses
from tests.ingest.vcenter.events import at, event
from tests.ingest.vcenter.tailing.logs import Log, follow

if TYPE_CHECKING:
    from ingest.vcenter.tailing.notices import Notice

KNOWN = Place(0, 10, at(10))


def purge(first: int) -> Notice:
    return notices.purge(KNOWN, (first, first + 3), before="2026-01-31T06:00:15.000Z", exact=True)


def test_a_loss_names_the_vcenter_and_the_range() -> None:
    losses = Losses()
    losses.heard("vc1", purge(11))
    gone = "purge: the vCenter's log no longer holds these events"
    around = "after 2026-01-31T06:00:10.000Z, before 2026-01-31T06:00:15.000Z"
    assert [f"vCenter vc1 has lost events: {gone} (first 11, last 14, count 4, {around})"] == losses.problems()


def test_a_gap_says_that_it_may_be_one() -> None:
    losses = Losses()
    losses.heard("vc1", notices.gap(KNOWN, until=15, before="b", reason="r"))
    assert [
        "vCenter vc1 may have lost events: gap: r (first 11, last 14, after 2026-01-31T06:00:10.000Z, before b)"
    ] == losses.problems()


@pytest.mark.parametrize(
    "notice",
    [
        notices.stall(KNOWN, newest=20),
        notices.incarnation(KNOWN, 1, reason="r"),
        notices.rewind(KNOWN, now=at(0), begin=at(0)),
    ],
)
def test_what_is_no_loss_is_no_problem(notice: Notice) -> None:
    losses = Losses()
    losses.heard("vc1", notice)
    assert [] == losses.problems()


def test_a_loss_that_is_told_again_is_one_problem_and_that_of_another_vcenter_is_a_second() -> None:
    losses = Losses()
    for vcenter in ("vc1", "vc2", "vc1"):
        losses.heard(vcenter, purge(11))
    assert ["vc1", "vc2"] == [each.split()[1] for each in losses.problems()]


def test_the_first_ones_are_named_and_of_more_it_is_said_that_there_are() -> None:
    losses = Losses()
    for first in range(SHOWN):
        losses.heard("vc1", purge(first))
    assert SHOWN == len(losses.problems())
    losses.heard("vc1", purge(0))
    assert SHOWN == len(losses.problems())
    for first in (SHOWN, SHOWN + 1):
        losses.heard("vc1", purge(first))
    assert (SHOWN + 1, "more losses: see the log") == (len(losses.problems()), losses.problems()[-1])


def test_a_tail_that_finds_a_loss_turns_its_process_red_and_the_one_started_next_is_green() -> None:
    losses, log = Losses(), Log([event(key, key) for key in range(1, 11)])
    known = follow(log, 10, losses=losses).chunks[-1].checkpoint
    assert [] == losses.problems()
    log.events = [event(key, key) for key in range(15, 21)]
    known = follow(log, 6, checkpoint=known, losses=losses).chunks[-1].checkpoint
    (told,) = losses.problems()
    assert "vCenter vc1 has lost events" in told
    assert "first 11, last 14" in told
    log.events.append(event(21, 21))
    follow(log, 1, checkpoint=known, losses=losses)
    assert [told] == losses.problems()
    log.events.append(event(22, 22))
    follow(log, 2, checkpoint=known, losses=(fresh := Losses()))
    assert [] == fresh.problems()


def test_a_vcenter_whose_position_is_lost_turns_its_process_red() -> None:
    losses = Losses()
    follow(Log([event(1, 1)]), 1, trace=Trace(searched=50, events=None), losses=losses)
    (told,) = losses.problems()
    assert "vCenter vc1 may have lost events: gap" in told
