"""What an event is about, as the vCenter has it now: one object, or the reason why none is acted on."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.vsphere import properties
from clients.vsphere.facts import facts
from clients.vsphere.faults import NOT_FOUND, VcenterAway, VsphereFault
from clients.vsphere.kinds import kind_of
from clients.vsphere.target import REFERENCES, NoSingleTarget, Target, find, shown_name
from schemas.errors import Refused, Unreachable
from schemas.remediation.entity import Entity
from sinks.remediation.clocks import Clocks
from sinks.vsphere.aim import ByName, ByReference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.session import Session
    from sinks.remediation.tags import Tags
    from sinks.vsphere.sessions import Sessions


FRESH: Final = 5.0
"""Seconds for which an object that was looked at is not looked at again: alarms come in storms."""

MOST: Final = 10_000
"""Objects that are remembered for so long."""


class Resolved(NamedTuple):
    """What was found.

    Attributes:
        entity: None when nothing was.
        reason: why not; empty when it was.
        offset: seconds that the clock of its vCenter is ahead of ours; None where nobody knows.
    """

    entity: Entity | None
    reason: str = ""
    offset: float | None = None


class Resolver:
    """Finds targets; everything blocks, safe for several threads.

    Args:
        sessions: of every vCenter in scope.
        tags: of their objects.
        kind: managed object class of what is looked for.
        new: name of the machine that is to be made in it, if there is one.
    """

    def __init__(self, sessions: Sessions, tags: Tags, kind: str, *, new: str | None = None) -> None:
        self._sessions = sessions
        self._tags = tags
        self._kind = kind
        self._new = new
        self._clocks = Clocks()
        self._fresh: OrderedDict[ByReference, tuple[float, Resolved]] = OrderedDict()

    def resolve(self, aim: ByName | ByReference, past: Mapping[str, Any] | None = None) -> Resolved:
        """The one object that is meant; by its reference where there is one, else by name in all vCenters in scope.

        Args:
            aim: what is meant.
            past: what is known of an object that is gone, and shall be brought back: its ``name``, ``place`` and
                ``owner``. None: one that is gone is not found.

        What keeps it from being found is in the result: an unreachable vCenter may hold the object, or another one of
        that name. Nothing is raised for it.
        """
        before = self._sessions.opened()
        try:
            try:
                return self._resolve(aim)
            except VcenterAway as away:  # sessions end when idle: one failure means to log in again
                # The one that failed, and no newer one that another thread has opened since and others work with.
                if (stale := before.get(away.vcenter)) is None:
                    raise
                self._sessions.discard(stale)
                return self._resolve(aim)
        except NoSingleTarget as error:
            return Resolved(None, str(error))
        except VsphereFault as fault:
            if fault.fault == NOT_FOUND and past is not None and isinstance(aim, ByReference):
                return self._lost(aim, past)
            gone = "there is no such object any more: " if fault.fault == NOT_FOUND else ""
            return Resolved(None, f"{gone}{fault}")
        except (Refused, Unreachable) as error:
            return Resolved(None, f"a vCenter in scope cannot be asked: {error}")

    def _lost(self, aim: ByReference, past: Mapping[str, Any]) -> Resolved:
        """As it was: whoever decides sees to it that ``past`` is signed."""
        known = {key: past.get(key) for key in ("name", "place", "owner")}
        name, place, owner = (value if isinstance(value, str) else None for value in known.values())
        entity = Entity(
            vcenter=aim.vcenter,
            moref=aim.reference,
            kind=kind_of(aim.type),
            name=name or aim.reference,
            folder=place,
            tags=(),
            owner=owner,
        )
        session = self._sessions.opened().get(aim.vcenter)
        return Resolved(entity, offset=None if session is None else self._clocks.offset(session))

    def _resolve(self, aim: ByName | ByReference) -> Resolved:
        if not isinstance(aim, ByReference):
            return self._look(aim)
        seen = self._fresh.get(aim)
        if seen is not None and monotonic() - seen[0] < FRESH:
            return seen[1]
        found = self._look(aim)
        self._fresh[aim] = (monotonic(), found)
        self._fresh.move_to_end(aim)
        if len(self._fresh) > MOST:
            self._fresh.popitem(last=False)
        return found

    def _look(self, aim: ByName | ByReference) -> Resolved:
        target = self._located(aim)
        return Resolved(described(target, self._tags, new=self._new), offset=self._clocks.offset(target.session))

    def _located(self, aim: ByName | ByReference) -> Target:
        if isinstance(aim, ByReference):
            session = self._sessions.get(aim.vcenter)
            return self._by_reference(session, aim)
        names = (aim.vcenter,) if aim.vcenter else self._sessions.names
        return find([self._sessions.get(name) for name in names], aim.name, self._kind)

    def _by_reference(self, session: Session, aim: ByReference) -> Target:
        reference = REFERENCES[aim.type](aim.reference, session.stub)
        values = properties.read(session, reference, ["name"])
        return Target(session, reference, shown_name(values.get("name", aim.reference)))


def described(target: Target, tags: Tags, *, new: str | None = None) -> Entity:
    """An object with what limits ask of it, as it is now. Costs a call, and with its tags one or two more.

    Args:
        target: the object.
        tags: of the objects there.
        new: name of a machine that is to be made in it: limits are asked of that name.

    Raises:
        VsphereFault, SessionLost, Unreachable: it cannot be read.
    """
    found = facts(target) if new is None else replace(facts(target), name=new)
    return Entity(
        vcenter=target.session.name,
        moref=target.moref,
        kind=target.kind,
        name=found.name,
        folder=found.path,
        cluster=found.cluster,
        host=found.host,
        tags=tags.of(target),
        template=found.template,
        managed_by=found.service,
        product=found.product,
        owner=found.owner,
        new=new,
    )
