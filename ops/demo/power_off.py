"""Story (a): machines are powered off in every vCenter; a function and a receiver get each event once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.demo import simulators
from ops.demo.story import Stage, Story, arrivals, event_id
from ops.demo.tally import tally

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = "VMs are powered off in both vCenters; an OpenFaaS function and a Knative receiver get the events"
EVENT = "VmPoweredOffEvent"
MACHINES = 5


def play(stage: Stage) -> Story:
    """Power off machines in each simulator; what must arrive are the events that the simulators then have."""
    sent: dict[str, float | None] = {}
    for vcenter, session in stage.sessions.items():
        names = simulators.machine_names(session, MACHINES)
        simulators.power_on(session, names)
        before = simulators.newest_key(session)
        stage.report(f"(a) powering off {len(names)} machines in {vcenter}")
        asked = simulators.power_off(session, names)
        keys = simulators.event_keys(session, EVENT, before)
        sent |= {f"{vcenter}/0/{key}": asked[machine] for key, machine in keys.items()}
    expected = MACHINES * len(stage.sessions)
    failures = () if len(sent) == expected else (f"the simulators made {len(sent)} events of {expected}",)
    return told(stage, sent, failures=failures)


def told(
    stage: Stage,
    sent: Mapping[str, float | None],
    *,
    title: str = TITLE,
    failures: tuple[str, ...] = (),
    needs: str = "",
) -> Story:
    """The story once ``sent`` (event id to time) has arrived at both receivers."""
    tallies = tuple(
        tally(f"{name} (a)", sent, arrivals(stage, name, sent, event_id)) for name in ("functions", "events")
    )
    lost = tuple(f"{row.sink}: {row.lost} of {row.sent} events did not arrive" for row in tallies if row.lost)
    return Story("a", title, needs=needs, tallies=tallies, failures=(*failures, *lost))
