from __future__ import annotations

import pytest

from schemas.errors import Retry
from streams.delivery.circuit import EVENTS, FAILURES, RECENT, Circuit, Trial

BUSY = Retry("busy", status="500")
OVERLOADED = Retry("overloaded", status="503")


class Clock:
    """Stands still but when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float = 0.01) -> float:
        self.now += seconds
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(clock)


def fail(circuit: Circuit, clock: Clock, trial: Trial, failure: Retry = BUSY, *, last: bool = False) -> bool:
    began = clock.tick()
    clock.tick()
    return circuit.failed(trial, began, failure, retry=0 if last else 1_000)


def fail_all(circuit: Circuit, clock: Clock, events: int, times: int, failure: Retry = BUSY) -> list[Trial]:
    trials = [Trial() for _ in range(events)]
    for _ in range(times):
        for trial in trials:
            fail(circuit, clock, trial, failure)
    return trials


def test_a_sink_that_cannot_be_reached_is_away_at_once(circuit: Circuit, clock: Clock) -> None:
    assert circuit.away(clock.tick())
    assert circuit.open


def test_what_fails_without_exception_is_the_sinks_fault(circuit: Circuit, clock: Clock) -> None:
    fail_all(circuit, clock, EVENTS, FAILURES // EVENTS)
    assert circuit.open


def test_a_few_events_that_fail_often_are_no_outage(circuit: Circuit, clock: Clock) -> None:
    fail_all(circuit, clock, EVENTS - 1, 100)
    assert not circuit.open


def test_many_events_do_not_open_it_while_others_pass(circuit: Circuit, clock: Clock) -> None:
    for _ in range(100):
        fail_all(circuit, clock, FAILURES - 1, 1)
        circuit.passed(clock.tick())
    assert not circuit.open


def test_an_event_is_to_blame_once_another_tried_after_its_first_failure_has_passed(
    circuit: Circuit, clock: Clock
) -> None:
    trial = Trial()
    fail(circuit, clock, trial, OVERLOADED)
    circuit.passed(clock.tick())
    assert not fail(circuit, clock, trial, OVERLOADED, last=True)
    circuit.away(clock.tick())
    assert not fail(circuit, clock, trial, OVERLOADED, last=True)


def test_an_attempt_that_began_before_the_outage_proves_nothing(circuit: Circuit, clock: Clock) -> None:
    early = clock.tick()
    trials = fail_all(circuit, clock, EVENTS, FAILURES // EVENTS)
    assert not circuit.passed(early)
    assert circuit.open
    assert fail(circuit, clock, trials[0])


def test_poison_at_the_end_of_the_traffic_opens_nothing(circuit: Circuit, clock: Clock) -> None:
    poison = [Trial() for _ in range(10)]
    for trial in poison:
        fail(circuit, clock, trial)
        circuit.passed(clock.tick())
    assert [False] * 30 == [fail(circuit, clock, trial, last=True) for trial in poison for _ in range(3)]


def test_a_lone_event_is_held_when_the_server_speaks_of_itself(circuit: Circuit, clock: Clock) -> None:
    trial = Trial()
    assert [False, False, True] == [fail(circuit, clock, trial, OVERLOADED, last=last) for last in (False, False, True)]


def test_a_lone_event_is_given_up_when_the_sink_speaks_of_the_event(circuit: Circuit, clock: Clock) -> None:
    assert not fail(circuit, clock, Trial(), BUSY, last=True)


def test_a_lone_event_is_given_up_when_others_have_passed_just_before(circuit: Circuit, clock: Clock) -> None:
    circuit.passed(clock.tick())
    assert not fail(circuit, clock, Trial(), OVERLOADED, last=True)
    clock.tick(RECENT + 1)
    assert fail(circuit, clock, Trial(), OVERLOADED, last=True)


@pytest.mark.parametrize("status", ["401", "403", "407"])
def test_a_lone_event_is_held_when_we_may_not_whatever_has_passed_before(
    circuit: Circuit, clock: Clock, status: str
) -> None:
    circuit.passed(clock.tick())
    assert fail(circuit, clock, Trial(), Retry("who are you?", status=status), last=True)


def test_an_event_that_alone_is_not_allowed_is_to_blame(circuit: Circuit, clock: Clock) -> None:
    trial, forbidden = Trial(), Retry("not this one", status="403")
    assert fail(circuit, clock, trial, forbidden, last=True)
    circuit.passed(clock.tick())
    assert not fail(circuit, clock, trial, forbidden)
    circuit.passed(clock.tick())
    assert not fail(circuit, clock, trial, forbidden, last=True)


def test_while_it_is_open_no_failure_counts_against_an_event(circuit: Circuit, clock: Clock) -> None:
    circuit.away(clock.tick())
    trial = Trial()
    assert [True] * 100 == [fail(circuit, clock, trial, last=True) for _ in range(100)]


def test_the_pause_grows_with_probes_and_not_with_stragglers(circuit: Circuit, clock: Clock) -> None:
    early = clock.tick()
    circuit.away(clock.tick())
    for _ in range(100):
        circuit.away(early)
        circuit.failed(Trial(), early, BUSY, retry=3)
    assert 1 == circuit.outages
    fail(circuit, clock, Trial())
    circuit.away(clock.tick())
    assert 3 == circuit.outages


def test_the_first_answer_closes_it_and_forgets_what_events_went_through(circuit: Circuit, clock: Clock) -> None:
    trials = fail_all(circuit, clock, EVENTS, FAILURES // EVENTS)
    trials[0].attempts = 3
    assert circuit.passed(clock.tick())
    assert (False, 0) == (circuit.open, circuit.outages)
    assert not fail(circuit, clock, trials[0], last=True)
    assert 0 == trials[0].attempts


def test_few_keys_behind_which_many_wait_open_it_too(circuit: Circuit, clock: Clock) -> None:
    given_up = 0
    while not circuit.open:
        given_up += not fail(circuit, clock, Trial(), last=True)
    assert FAILURES > given_up


def test_without_retries_an_overloaded_server_is_away_after_an_outage_as_before(circuit: Circuit, clock: Clock) -> None:
    for _ in range(2):
        clock.tick(RECENT + 1)
        assert circuit.failed(Trial(), clock.tick(), OVERLOADED, retry=0)
        clock.tick()
        assert circuit.passed(clock.tick())
