"""Actions under kills: what was asked for, what the vCenters say happened, and what the audit says became of it."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.faults.remediation.world import FINAL
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.faults.remediation.world import World

MACHINES: Final = tuple(f"DC0_C0_RP0_VM{number}" for number in range(20))
VCENTERS: Final = ("vc1", "vc2")
SINKS: Final = {
    "snapshot": {"action": "snapshot", "approval": "never", "parameters": {"limit": 32}},
    "reset": {"action": "hard-reset", "approval": "never"},
}
WITHIN: Final = 180.0
PAUSE: Final = 0.5
OFF: Final = re.compile(r"(\S+) on \S+ in \S+ is powered off")
"""What a simulator tells of a reset, once; nothing else in these experiments powers a machine off."""


@dataclass
class Result:
    """What an experiment has found.

    Attributes:
        asked: events by id, with sink, vCenter and machine.
        finals: final steps by event.
        idle: events whose action found nothing to do: a machine that was reset since they happened is reset.
        reasons: of every end that is no success, as the audit has them.
        snapshots: names of all snapshots there are, each as often as it is there.
        resets: how often each machine was reset, by vCenter and machine.
        struck: events without their end, at each kill.
    """

    asked: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    finals: dict[str, list[str]] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    snapshots: Counter[str] = field(default_factory=Counter)
    resets: Counter[tuple[str, str]] = field(default_factory=Counter)
    struck: list[int] = field(default_factory=list)

    @property
    def without_one_end(self) -> dict[str, list[str]]:
        """Events that have no final step, or several."""
        return {event: self.finals.get(event, []) for event in self.asked if len(set(self.finals.get(event, []))) != 1}

    @property
    def doubled(self) -> dict[str, int]:
        """Snapshots of one event that are there several times, and machines that were reset oftener than asked."""
        asked = Counter((vcenter, machine) for sink, vcenter, machine in self.asked.values() if sink == "reset")
        resets = {"/".join(place): count for place, count in self.resets.items() if count > asked[place]}
        return resets | {name: count for name, count in self.snapshots.items() if count > 1}

    @property
    def missing(self) -> list[str]:
        """Events whose action succeeded, and has left nothing behind."""
        done = [event for event in self.asked if "succeeded" in self.finals.get(event, ()) and event not in self.idle]
        snapshots = [e for e in done if self.asked[e][0] == "snapshot" and not self.snapshots[e]]
        resets = Counter(self.asked[e][1:] for e in done if self.asked[e][0] == "reset")
        return snapshots + ["/".join(place) for place, count in resets.items() if self.resets[place] < count]

    @property
    def unknown(self) -> list[str]:
        """Events of which nobody knows whether their action was done."""
        return [event for event, steps in self.finals.items() if "unknown" in steps]

    def ends(self) -> Counter[str]:
        """How often each final step came."""
        return Counter(step for steps in self.finals.values() for step in set(steps))


def run(
    world: World,
    *,
    actions: int,
    kills: int,
    seed: int,
    mutant: str = "",
    victims: tuple[str, ...] = ("execute", "decide"),
) -> Result:
    """Ask for actions while roles are killed and started again; count when every event has its end, or none comes.

    Args:
        world: entered.
        actions: events.
        kills: SIGKILLs, spread over them.
        seed: of the moments and the order.
        mutant: a guarantee that is switched off in the victims.
        victims: roles that are killed, one after the other.
    """
    chance, result = random.Random(seed), Result()  # noqa: S311 - repeatable, not secret
    running = world.start_all("router", "deliver", *{"decide", "execute"}.difference(victims if mutant else ()))
    running |= {role: world.start(role, mutant=mutant) for role in (victims if mutant else ())}
    plan = [(sink, vcenter, MACHINES[n % len(MACHINES)]) for n in range(actions) for sink, vcenter in (_pick(n),)]
    portion = max(1, actions // max(1, kills))
    for number in range(0, actions, portion):
        for sink, vcenter, machine in plan[number : number + portion]:
            (event,) = world.ask(sink, [f"{vcenter}:{machine}"])
            result.asked[event] = (sink, vcenter, machine)
        if len(result.struck) < kills:
            role = victims[len(result.struck) % len(victims)]
            if role == "execute":
                wait(lambda: _begun(world))
            time.sleep(chance.uniform(0.0, PAUSE))
            result.struck.append(len(result.asked.keys() - world.finals().keys()))
            running[role].kill()
            running[role] = world.start(role, mutant=mutant)
    _wait_for_ends(world, result, quiet=12.0 if mutant else WITHIN)
    result.finals = world.finals()
    result.idle = {event for event, step, data in world.audit() if step == "succeeded" and "changes" not in data}
    result.reasons = {
        event: f"{data.get('rule', '')}: {data.get('reason', '')}"
        for event, step, data in world.audit()
        if step in {"refused", "failed", "unknown"}
    }
    for vcenter in VCENTERS:
        govc = world.govc(vcenter)
        for found in govc.read_all("VirtualMachine", "snapshot"):
            result.snapshots.update(_snapshots((found.get("snapshot") or {}).get("rootSnapshotList", [])))
        off = (OFF.match(message) for message in govc.messages())
        result.resets.update((vcenter, match[1]) for match in off if match)
    return result


def _snapshots(trees: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The ids of the events that they were taken for."""
    for tree in trees:
        yield tree["name"].removesuffix(" (reflexarc)")
        yield from _snapshots(tree.get("childSnapshotList") or [])


def _pick(number: int) -> tuple[str, str]:
    return ("snapshot", "reset")[number % 2], VCENTERS[(number // 2) % 2]


def _begun(world: World) -> bool:
    """Whether an action is under way."""
    steps: dict[str, set[str]] = {}
    for event, step, _ in world.audit():
        steps.setdefault(event, set()).add(step)
    return any("started" in each and not each & set(FINAL) for each in steps.values())


def _wait_for_ends(world: World, result: Result, *, quiet: float) -> None:
    seen, since = -1, time.monotonic()
    while (found := len(world.finals().keys() & result.asked.keys())) < len(result.asked):
        if found > seen:
            seen, since = found, time.monotonic()
        if time.monotonic() - since > quiet:
            return
        time.sleep(0.3)
