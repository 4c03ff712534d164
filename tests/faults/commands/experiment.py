"""Commands under kills: what was asked for, what the vCenters say happened, and what was shown in Slack."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Final

from tests.faults.commands import orders
from tests.faults.commands.strike import Work, strike
from tests.faults.commands.world import FINAL
from tests.support.flow import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from ops.demo.child import Child
    from tests.faults.commands.orders import Command
    from tests.faults.commands.world import World

ROLES: Final = ("command", "decide", "execute", "deliver")
VICTIMS: Final = ("webhook", *ROLES)
SPARE: Final = 3
AGAIN: Final = 0.2
WITHIN: Final = 120.0
QUIET: Final = 30.0
"""How many people there are for each command that is meant to be given. Seconds: between two tries to post, in which a
post is taken at last, and without an answer after which none is waited for."""

_SMALL_PRINT: Final = re.compile(r"reflexarc (?P<id>[0-9a-f]{16}) (?P<step>[a-z]+)$")


@dataclass
class Result:
    """What an experiment has found.

    Attributes:
        given: every command.
        effects: how often what it asks for has happened, as its vCenter tells.
        said: id and step of each message about each machine, in the order of Slack.
        struck: at each kill who was killed, and how much it had in hand and has to do again.
        again: how often a request was posted again, since nobody had taken it.
    """

    given: list[Command] = field(default_factory=list)
    effects: Counter[Command] = field(default_factory=Counter)
    said: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    struck: list[tuple[str, int]] = field(default_factory=list)
    again: int = 0

    @property
    def not_once(self) -> dict[Command, int]:
        """Commands whose effect is not there exactly once, those left out of which nobody can tell whether it is."""
        return {
            each: count
            for each, count in self.effects.items()
            if count != 1 and not (count == 0 and self.ends(each) == {"unknown"})
        }

    @property
    def unlike(self) -> dict[Command, list[tuple[str, str]]]:
        """Commands that have not one acknowledgement and one last word, each perhaps repeated, all by one id."""
        return {each: said for each in self.given if not is_one_story(said := self.said.get(each.machine, []))}

    @property
    def repeated(self) -> int:
        """Messages that Slack was given more than once."""
        return sum(len(said) - len(set(said)) for said in self.said.values())

    def ends(self, command: Command) -> set[str]:
        """The steps that were told as the last ones."""
        return {step for _, step in self.said.get(command.machine, ()) if step in FINAL}


class Experiment:
    """Roles that run, and commands that were not given yet.

    Args:
        world: entered; nothing runs yet.
        machines: how many each of its vCenters has.
    """

    def __init__(self, world: World, machines: int) -> None:
        self.world = world
        given = orders.commands(machines)
        orders.prepare(world, given)
        self._left = iter(given)
        self._running = {role: ("", child) for role, child in world.start_all(*ROLES).items()}

    def commands(self, count: int) -> list[Command]:
        """The next ones."""
        return list(islice(self._left, count))

    def run(self, *, count: int, kills: Sequence[str], seed: int, mutant: str = "", quiet: float = QUIET) -> Result:
        """Have commands given while roles are killed and started again; count when none goes on any more.

        Args:
            count: commands at least; a kill that is missed takes one more.
            kills: who is killed, one after the other, while commands are given.
            seed: of the moments.
            mutant: a guarantee that is switched off in all that are killed.
            quiet: seconds without an answer after which none is waited for.
        """
        chance, world, result = Random(seed), self.world, Result()  # noqa: S311 - repeatable, not secret
        self.have(*kills, mutant=mutant)
        before = orders.told(world)
        with ThreadPoolExecutor(SPARE * count) as people:
            posts: list[Future[int]] = []

            def post(portion: int = 1) -> None:
                some = self.commands(portion)
                assert len(some) == portion, "there are too few machines for so many misses"
                result.given.extend(some)
                bodies = [world.order(*each.words, channel=each.channel) for each in some]
                posts.extend(people.submit(insist, world, body) for body in bodies)

            for victim in kills:
                post(-(-count // len(kills)) - 1)
                hand = 0
                while not hand:
                    struck = _strike(world, (victim, self._running[victim][1]), posts, post, chance)
                    self._running[victim] = mutant, world.start(victim, mutant=mutant)
                    # An answer may be on its way at that moment: only a request that was in vain was hit.
                    vain = sum(each.result() for each in posts) if victim == "webhook" else 0
                    hand = vain - result.again if victim == "webhook" else struck
                    result.again = max(result.again, vain)
                result.struck.append((victim, hand))
            for each in posts:
                each.result()
        result.said = answers(world, result.given, quiet)
        result.effects = orders.effects(world, result.given, before)
        return result

    def have(self, *roles: str, mutant: str = "") -> None:
        """Have every role run as it should, but these with a guarantee switched off when a mutant is named."""
        for role in VICTIMS:
            before, child = self._running[role]
            wanted = mutant if role in roles else ""
            if before != wanted:
                child.kill()
                self._running[role] = wanted, self.world.start(role, mutant=wanted)


def answers(world: World, given: Sequence[Command], quiet: float = QUIET) -> dict[str, list[tuple[str, str]]]:
    """Id and step of each message about each machine, once all commands are answered, or nothing comes any more."""
    machines = {each.machine for each in given}
    settled(lambda: [machine for machine, said in heard(world).items() if _has_ended(said)], machines, quiet)
    return {machine: said for machine, said in heard(world).items() if machine in machines}


def _strike(
    world: World, victim: tuple[str, Child], posts: Sequence[Future[int]], post: Callable[[], None], chance: Random
) -> int:
    """Kill a role at work: the webhook with requests that have no answer yet, others with records."""
    role, child = victim
    if role == "webhook":
        return strike(child, lambda _: sum(not each.done() for each in posts), post, chance)
    with Work(world, role) as work:

        def more() -> None:
            post()
            work.come()

        return strike(child, work.in_hand, more, chance)


def insist(world: World, body: bytes) -> int:
    """Post until it is taken, as whoever sees no answer asks again; how often it was in vain."""
    vain, deadline = 0, time.monotonic() + WITHIN
    while True:
        try:
            world.post(body)
        except OSError:
            assert time.monotonic() < deadline, "the webhook takes nothing"
            vain += 1
            time.sleep(AGAIN)
        else:
            return vain


def heard(world: World) -> dict[str, list[tuple[str, str]]]:
    """Id and step of each message about each machine, in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for message in world.heard():
        if small := _SMALL_PRINT.search(message["text"]):
            found.setdefault(orders.about(message), []).append((small["id"], small["step"]))
    return found


def _has_ended(said: Sequence[tuple[str, str]]) -> bool:
    return any(step in FINAL for _, step in said)


def is_one_story(said: Sequence[tuple[str, str]]) -> bool:
    """Whether it is, without repetitions, one acknowledgement and then one last word, both by the same id."""
    told = list(dict.fromkeys(said))
    return len({id_ for id_, _ in told}) == 1 and [step in FINAL for _, step in told] == [False, True]
