"""What a command has had done, taken back: no sink stands for a verb, so it is asked for in the person's name."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from ops.remediation.answers import keys
from schemas import topics
from schemas.commands.errand import SAID, Errand
from schemas.errors import ReflexarcError
from schemas.remediation.undo import source
from sinks.remediation.resolver import Resolver
from sinks.remediation.tags import Tags
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.aim import ByReference
from sinks.vsphere.sessions import Sessions
from streams.commands.undoing import VERB, request, undo_id
from streams.guard import commanded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from schemas.config import Config, VcenterConfig
    from schemas.remediation.entity import Entity
    from schemas.remediation.undo import Undo
    from sinks.remediation.resolver import Resolved

TIMEOUT: Final = 15.0
"""Seconds of silence after which a vCenter counts as away."""


def is_commanded(sink: str) -> bool:
    """Whether what a request names in the place of a sink is a verb."""
    return sink.startswith(commanded.PREFIX)


def check(config: Config, sink: str, action: str) -> None:
    """Return if the verb still stands for that action.

    Raises:
        ReflexarcError: it does not.
    """
    verbs = commanded.verbs(config.commands)
    if sink not in verbs:
        raise ReflexarcError(f"it was asked for by a {sink}, which nobody may give here", cure="add commands:")
    if verbs[sink].action != action:
        raise ReflexarcError(f"{sink}, which asked for {action}, stands for {verbs[sink].action} by now")


def record(config: Config, given: Undo, parameters: Mapping[str, Any], entity: Entity) -> Outgoing:
    """The request, signed, on its way to the decider. Costs a few calls to the vCenter.

    Args:
        config: the whole configuration.
        given: the undo; it may be unsigned.
        parameters: what the action was told.
        entity: what it was done to.

    Raises:
        ReflexarcError: the vCenter is not configured, or what it was done to is not found there.
        Refused: there is no key.
    """
    signing, prefix = keys(config), config.kafka.prefix
    vcenter = config.vcenters.get(entity.vcenter)
    if vcenter is None or vcenter.recording is not None:
        raise ReflexarcError(
            f"it was done in {entity.vcenter}, where nothing can be done now", cure="add it below vcenters:"
        )
    found = _found(vcenter.acting, entity, given.before if ACTIONS[given.action].removes else None)
    if found.entity is None:
        raise ReflexarcError(f"{given.id} cannot be undone: {found.reason}")
    id_ = undo_id(prefix, given)
    errand = Errand(
        id=id_,
        source=source(prefix),
        event=given.event,
        verb=VERB,
        said=f"{VERB} {given.id}",
        vm=found.entity.name[:SAID],
        person=given.person,
    )
    asked = request(prefix, given.signed(signing), parameters, found, errand)
    topic = topics.requests(prefix, urgent=True)
    return Outgoing(topic, asked.signed(signing).encode(), asked.scope.encode())


def _found(vcenter: VcenterConfig, entity: Entity, past: Mapping[str, Any] | None) -> Resolved:
    """The object as it is now, or as it was before it was taken away."""
    with closing(Sessions([vcenter], timeout=TIMEOUT)) as sessions, closing(Tags([vcenter])) as tags:
        resolver = Resolver(sessions, tags, entity.kind, new=entity.new)
        return resolver.resolve(ByReference(entity.vcenter, entity.moref, entity.kind), past)
