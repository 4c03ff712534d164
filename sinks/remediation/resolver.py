"""What an event is about, as the vCenter has it now: one object, or the reason why none is acted on."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from clients.vsphere import properties
from clients.vsphere.facts import facts_of_each
from clients.vsphere.faults import NOT_FOUND, VcenterAway, VsphereFault
from clients.vsphere.kinds import kind_of
from clients.vsphere.target import REFERENCES, NoSingleTarget, Target, find, shown_name
from schemas.errors import Refused, Unreachable
from schemas.remediation.entity import Entity
from sinks.remediation.clocks import Clocks
from sinks.vsphere.aim import ByName, ByReference

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from clients.vsphere.facts import Facts
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
        vcenter: where nothing was found, if that is known; None otherwise.
        part: of what was chosen: which one it is, from 1 on; 0 for what an event is about itself.
        parts: how many were chosen; 0 likewise.
    """

    entity: Entity | None
    reason: str = ""
    offset: float | None = None
    vcenter: str | None = None
    part: int = 0
    parts: int = 0


T = TypeVar("T")


class Resolver:
    """Finds targets; everything blocks, safe for several threads.

    Args:
        sessions: of every vCenter in scope.
        tags: of their objects.
        kind: managed object class of what is looked for.
        new: name of the machine that is to be made in it, if there is one.
        guests: whether a machine is found by what its guest says of itself, too.
    """

    def __init__(
        self, sessions: Sessions, tags: Tags, kind: str, *, new: str | None = None, guests: bool = True
    ) -> None:
        self._sessions = sessions
        self._tags = tags
        self._kind = kind
        self._new = new
        self._guests = guests
        self._clocks = Clocks()
        self._fresh: OrderedDict[ByReference, tuple[float, Resolved]] = OrderedDict()

    def resolve(
        self,
        aim: ByName | ByReference,
        past: Mapping[str, Any] | None = None,
        *,
        within: Collection[str] | None = None,
    ) -> Resolved:
        """The one object that is meant; by its reference where there is one, else by name in all vCenters in scope.

        What keeps it from being found is in the result: an unreachable vCenter may hold the object, or another one of
        that name. Nothing is raised for it.

        Args:
            aim: what is meant.
            past: what is known of an object that is gone, and shall be brought back: its ``name``, ``place`` and
                ``owner``. None: one that is gone is not found.
            within: vCenters in scope; default: all that there are.
        """
        scope = self._sessions.names if within is None else within

        def look() -> Resolved:
            try:
                return self._resolve(aim, scope)
            except VsphereFault as fault:
                if fault.fault == NOT_FOUND and past is not None and isinstance(aim, ByReference):
                    return self._lost(aim, past)
                raise

        return self.answered(look)

    def answered(self, look: Callable[[], T]) -> T | Resolved:
        """What ``look`` finds with the sessions of this resolver, or what keeps it from finding anything.

        Args:
            look: only reads: it is tried once more with a new session where one has ended.
        """
        before = self._sessions.opened()
        try:
            try:
                return look()
            except VcenterAway as away:  # sessions end when idle: one failure means to log in again
                # The one that failed, and no newer one that another thread has opened since and others work with.
                if (stale := before.get(away.vcenter)) is None:
                    raise
                self._sessions.discard(stale)
                return look()
        except NoSingleTarget as error:
            return Resolved(None, str(error))
        except VsphereFault as fault:
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

    def _resolve(self, aim: ByName | ByReference, within: Collection[str]) -> Resolved:
        if not isinstance(aim, ByReference):
            return self._look(aim, within)
        seen = self._fresh.get(aim)
        if seen is not None and monotonic() - seen[0] < FRESH:
            return seen[1]
        found = self._look(aim, within)
        self._fresh[aim] = (monotonic(), found)
        self._fresh.move_to_end(aim)
        if len(self._fresh) > MOST:
            self._fresh.popitem(last=False)
        return found

    def _look(self, aim: ByName | ByReference, within: Collection[str]) -> Resolved:
        target = self._located(aim, within)
        return Resolved(described(target, self._tags, new=self._new), offset=self._clocks.offset(target.session))

    def _located(self, aim: ByName | ByReference, within: Collection[str]) -> Target:
        if isinstance(aim, ByReference):
            return referenced(self._sessions.get(aim.vcenter), aim)
        names = (aim.vcenter,) if aim.vcenter else within
        return find([self._sessions.get(name) for name in names], aim.name, self._kind, guests=self._guests)


def referenced(session: Session, aim: ByReference) -> Target:
    """The object with that reference, under the name that it has now; costs a call.

    Raises:
        VsphereFault: ``ManagedObjectNotFound`` when it is gone, or another fault.
        SessionLost, Unreachable: it cannot be read.
    """
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
    return described_each([target], tags, new=new)[0]


def described_each(targets: Sequence[Target], tags: Tags, *, new: str | None = None) -> list[Entity]:
    """Several objects of one kind in one vCenter, in their order; costs and errors as for one."""
    known = zip(targets, facts_of_each(targets), tags.of_each(targets), strict=True)
    return [_entity(target, found, carried, new) for target, found, carried in known]


def _entity(target: Target, found: Facts, tags: tuple[str, ...] | None, new: str | None) -> Entity:
    found = found if new is None else replace(found, name=new)
    return Entity(
        vcenter=target.session.name,
        moref=target.moref,
        kind=target.kind,
        name=found.name,
        folder=found.path,
        cluster=found.cluster,
        host=found.host,
        tags=tags,
        template=found.template,
        managed_by=found.service,
        product=found.product,
        owner=found.owner,
        new=new,
    )
