"""What a vCenter does to those who follow it: every event is on Kafka exactly once, in the order of its entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.ingest.experiment import Experiment
from tests.faults.ingest.faults import LATE, OVERSIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.ingest.experiment import Outcome

pytestmark = pytest.mark.stack

TERMINATIONS = 20
THREE = ("vc1", "vc2", "vc3")
UNHARMED = (0, 0, 0, 0)
EXPERIMENTS = {
    "terminated": Experiment(faults=("terminate",) * TERMINATIONS),
    "terminated, mutant": Experiment(faults=("terminate",) * 2, mutant="forgets-seen-keys"),
    "restarted": Experiment(faults=("restart", "restart")),
    "restarted, mutant": Experiment(faults=("restart",), mutant="sees-no-new-incarnation"),
    "late": Experiment(faults=("late", "late")),
    "late, mutant": Experiment(faults=("late",), mutant="ignores-lower-keys"),
    "bad": Experiment(faults=("oversize", "undecodable"), vcenters=THREE, rate=100.0),
    "away": Experiment(faults=("hang", "proxy", "unavailable"), vcenters=THREE, rate=100.0),
}


@pytest.fixture(scope="module")
def outcomes(try_out: Callable[[Experiment], Future[Outcome]]) -> Mapping[str, Future[Outcome]]:
    return {name: try_out(experiment) for name, experiment in EXPERIMENTS.items()}


def test_twenty_terminated_sessions_cost_nothing(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["terminated"].result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)
    assert TERMINATIONS == len(outcome.in_flight)


def test_forgetting_which_events_were_read_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["terminated, mutant"].result().tally.doubled > 0


def test_keys_that_start_anew_give_new_ids(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["restarted"].result()
    assert UNHARMED == outcome.tally.damage
    assert 3 == outcome.incarnations
    assert outcome.reused > 0


def test_taking_reused_keys_for_known_ones_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["restarted, mutant"].result().tally.lost > 0


def test_events_that_are_committed_behind_later_ones_are_there(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["late"].result()
    assert UNHARMED == outcome.tally.damage
    assert outcome.lower > 0
    assert 1 == outcome.incarnations


def test_reading_only_upwards_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert LATE == outcomes["late, mutant"].result().tally.lost


def test_events_that_cannot_be_records_are_dead_letters_and_hurt_no_neighbour(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    outcome = outcomes["bad"].result()
    assert UNHARMED == outcome.tally.damage
    letters = {dict(letter.headers()).get("ce_subject"): letter for letter in outcome.letters}
    assert {b"GeneralUserEvent", None} == letters.keys()
    assert OVERSIZE < int(dict(letters[b"GeneralUserEvent"].headers())["reflexarc_cut"])
    assert b"<deep>" in letters[None].value()


def test_a_vcenter_that_is_away_holds_up_no_other(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["away"].result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)
