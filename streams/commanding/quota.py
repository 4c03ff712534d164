"""How many machines somebody may have in a vCenter, with those that are still being made."""

from __future__ import annotations

from functools import partial
from time import time
from typing import TYPE_CHECKING, Final, NamedTuple

from clients.vsphere.faults import VsphereFault
from clients.vsphere.queries.owned import owned
from schemas.config.commands.verbs import GROUPS
from schemas.errors import Refused, Unreachable
from streams.commanding.watch import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.commanding.known import Known
    from streams.commanding.targets import Targets
    from streams.commanding.watch import Watch

UNHEARD: Final = 600.0
"""Seconds for which a command counts that was let through, and that the audit has said nothing of."""


class Wanted(NamedTuple):
    """A machine that somebody wants to have made.

    Attributes:
        id: of the command.
        person: who wants it.
        vcenter: where.
        name: what it is to be called.
    """

    id: str
    person: str
    vcenter: str
    name: str


class Quota:
    """Counts machines, and remembers what it has let through until the audit tells of it.

    Args:
        targets: where machines are counted.
        watch: what is known of actions.
        clock: seconds since 1970.
    """

    def __init__(self, targets: Targets, watch: Watch, clock: Callable[[], float] = time) -> None:
        self._targets = targets
        self._watch = watch
        self._clock = clock
        self._passed: dict[str, tuple[Wanted, float]] = {}

    async def refusal(self, wanted: Wanted, most: int) -> str | None:
        """Why somebody does not get one more machine; None: it is let through, and counts from now on.

        A machine of that name counts as this one: what is asked for again is let through.

        Args:
            wanted: the machine.
            most: so many the person may have in that vCenter, this one among them.
        """
        before = self._making(wanted)
        try:
            found = await self._targets.ask(partial(owned, owner=wanted.person), wanted.vcenter)
        except (VsphereFault, Refused, Unreachable) as error:
            return f"your machines in {wanted.vcenter} cannot be counted: {error}"
        names = {name.casefold() for name in found}
        making = (before | self._making(wanted)) - names
        count = len(found) + len(making)
        if wanted.name.casefold() not in names and count >= most:
            still = f", {len(making)} of them still being made" if making else ""
            return f"you have {count} of {most} machines in {wanted.vcenter}{still}; put one away first"
        self._passed[wanted.id] = (wanted, self._clock())
        return None

    def _making(self, wanted: Wanted) -> set[str]:
        """Names of the person's other machines there that are being made, or wait for a yes."""
        now = self._clock()
        self._passed = {
            id_: (each, since)
            for id_, (each, since) in self._passed.items()
            if now - since < UNHEARD and self._watch.get(id_) is None
        }

        def made(known: Known) -> bool:
            same = (known.person, known.vcenter) == (wanted.person, wanted.vcenter)
            return same and known.verb in GROUPS["create"] and known.goes_on and known.id != wanted.id

        unheard = [each for each, _ in self._passed.values() if each.id != wanted.id]
        own = [each.name for each in unheard if (each.person, each.vcenter) == (wanted.person, wanted.vcenter)]
        return {name.casefold() for name in (*own, *(known.entity for known in self._watch.latest(made, MOST)))}
