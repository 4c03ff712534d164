"""``action: tag``: have a tag attached to an object, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere.tagging import ATTACH
from sinks.vsphere import tags
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.tags import Tie

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.tag import TagParameters


class Tag:
    """Attaches or detaches one tag through the REST API, in a session of its own.

    Where an object may have only one tag of the category, the other one is detached first: the one thing that takes
    more than one call. Cut off in between, the object has none of them until the next attempt.
    """

    privileges: ClassVar = (ATTACH,)
    verifiable: ClassVar = True

    def __init__(self, parameters: TagParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the object carries the tag, and what stands in its way."""
        del event  # an object with the tag is as it should be, whoever has attached it
        given, vcenter = self._parameters, target.session.name
        with tags.tagging(target.session) as service:
            found = tags.category(service, vcenter, given.category)
            wanted = tags.tag(found, vcenter, given.tag)
            carried = tags.carried(service, target)
        names = found.names()
        if not given.attached:
            ties = [Tie("detach", wanted, given.tag)] if wanted in carried else []
        elif wanted in carried:
            ties = []
        else:
            others = sorted(carried & names.keys()) if found.single else []
            ties = [*(Tie("detach", other, names[other]) for other in others), Tie("attach", wanted, given.tag)]
        return Plan(target, tuple(map(str, ties)), tuple(ties), {"ties": [[*tie] for tie in ties]})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The other way round, unless somebody has changed these tags since."""
        del event
        return tags.undo(target, before)

    def start(self, plan: Plan) -> None:
        """One ``attach`` or ``detach``; both where one tag takes the place of another."""
        tags.change(plan.target, plan.spec)
