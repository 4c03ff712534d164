"""What each connector makes of kills and of a destination that hangs and falls, with events under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sinks.registry import SINKS
from tests.faults.delivery.counterparts import COUNTERPARTS
from tests.faults.delivery.experiment import Experiment
from tests.faults.delivery.moods import is_poison

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.delivery.experiment import Outcome

pytestmark = pytest.mark.stack

UNHARMED = (set[int](), set[int](), 0)
CALLED = ("eventbridge", "knative", "openfaas")
STORED = ("file", "kafka", "rabbitmq", "smtp")
SHORT = ("kill-deliver", "sink-hangs", "kill-in-hand")
KILLS = ("kill-deliver", "kill-router", "kill-in-hand", "kill-router") * 5
LONG = (*KILLS, "join-and-leave", "sink-slow", "sink-hangs", "kill-broker", *KILLS, "freeze")
EVENTS = 100_000
RATES = {("http",): 300.0, CALLED: 200.0, STORED: 110.0}
"""Events a second to each of the connectors that are tried side by side in the long form."""


def hit(faults: tuple[str, ...], outcome: Outcome) -> bool:
    """Whether each kill that waits for events in hand has found some at this sink; others find them at some sink."""
    return all(under for fault, under in zip(faults, outcome.under_way, strict=True) if fault == "kill-in-hand")


@pytest.fixture(scope="module")
def begun(
    try_out: Callable[[Experiment], Future[Mapping[str, Outcome]]],
) -> Mapping[str, Future[Mapping[str, Outcome]]]:
    """The experiment of each connector, and that of the mutant."""
    groups = {group: try_out(Experiment(connectors=group, faults=SHORT, rate=60.0)) for group in (STORED, CALLED)}
    mutant = Experiment(connectors=("rabbitmq",), faults=("sink-hangs",), rate=60.0, mutant="unconfirmed", quiet=10.0)
    return {name: future for group, future in groups.items() for name in group} | {"mutant": try_out(mutant)}


@pytest.mark.parametrize("connector", CALLED + STORED)
def test_kills_and_an_outage_cost_nothing(begun: Mapping[str, Future[Mapping[str, Outcome]]], connector: str) -> None:
    """All is taken, or buried if it never is; in order. How much may come again is looked at in the long form."""
    outcome = begun[connector].result()[connector]
    assert UNHARMED == outcome.damage
    assert hit(SHORT, outcome)


def test_kills_and_an_outage_start_no_workflow_twice(
    try_out: Callable[[Experiment], Future[Mapping[str, Outcome]]],
) -> None:
    """Whoever gets an event of a killed worker finds the execution that this has started."""
    outcome = try_out(Experiment(connectors=("vro",), faults=SHORT, rate=60.0)).result()["vro"]
    assert UNHARMED == outcome.damage
    assert hit(SHORT, outcome)
    assert 0 == outcome.tally.duplicates


def test_every_connector_has_its_turn() -> None:
    """http has tests of its own; analytics publishes as kafka does, and remediation; the others have no counterpart."""
    others = {"analytics", "remediation", "slack", "stdout", "vrops", "vsphere"}
    assert SINKS.keys() - others == {"http", "vro", *CALLED, *STORED} == COUNTERPARTS.keys()


def test_done_before_the_broker_has_confirmed_would_be_seen(
    begun: Mapping[str, Future[Mapping[str, Outcome]]],
) -> None:
    """What is on the way to RabbitMQ when the connection dies is lost."""
    assert [seq for seq in begun["mutant"].result()["rabbitmq"].lost if not is_poison(seq)]


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("group", RATES, ids=" ".join)
def test_twenty_kills_of_each_and_a_minute_away_cost_nothing(
    try_out: Callable[[Experiment], Future[Mapping[str, Outcome]]], group: tuple[str, ...]
) -> None:
    """As above, at every sink, with a broker that dies, a sink that is slow, and a zombie."""
    outcomes = try_out(
        Experiment(connectors=group, faults=LONG, rate=RATES[group], events=EVENTS, in_flight=50, away=60.0)
    ).result()
    assert dict.fromkeys(group, UNHARMED) == {sink: outcome.damage for sink, outcome in outcomes.items()}
    assert all(hit(LONG, outcome) for outcome in outcomes.values())
    assert {sink: [] for sink in group} == {sink: outcome.unfair for sink, outcome in outcomes.items()}
