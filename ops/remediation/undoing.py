"""Taking an action back: what it had found is in the audit, and is asked for on a person's word."""

from __future__ import annotations

import asyncio
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.kafka.record import Outgoing
from ops.remediation import askedback
from ops.remediation.answers import keys
from ops.remediation.publishing import publish
from schemas import topics
from schemas.cloudevents import kafka
from schemas.errors import ReflexarcError
from schemas.remediation.entity import Entity
from schemas.remediation.request import request_id
from schemas.remediation.signature import Unsigned
from schemas.remediation.undo import Undo, source
from sinks.remediation.undoing import event_of
from sinks.vsphere.actions import ACTIONS
from streams.commanding.begun import beginning
from streams.trail.reader import Trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Config
    from schemas.keys import Key
    from streams.trail.entry import Entry

LOOK: Final = 0.2
FINAL: Final = frozenset({"refused", "planned", "succeeded", "failed", "unknown"})


class Undone(NamedTuple):
    """What became of it.

    Attributes:
        id: of the action that takes the other one back.
        step: the last that was heard of: one of ``FINAL``, ``parked``, ``approved``, ``started``; empty: nothing yet.
        reason: in words; may be empty.
        doubt: what speaks against what the audit says of the action; empty when nothing does.
    """

    id: str
    step: str = ""
    reason: str = ""
    doubt: str = ""


def undo(config: Config, story: Sequence[Entry], *, person: str, reason: str, within: float) -> Undone:
    """Ask for an action to be taken back, and wait for what becomes of it.

    Args:
        config: the whole configuration.
        story: every record of that action in the audit.
        person: who asks.
        reason: in their words, without secrets.
        within: seconds to wait.

    Raises:
        ReflexarcError: it cannot be taken back, or has changed nothing.
        Refused: there is no key, or an ACL is missing.
        Unreachable: the brokers are away.
    """
    begun, prefix = _begun(story), config.kafka.prefix
    sink, entity = begun.text("sink"), Entity.model_validate(begun.data["entity"])
    _check_sink(config, sink, begun.action)
    given = Undo(
        id=begun.action_id,
        sink=sink,
        action=begun.action,
        entity=entity.key,
        before=_before(begun),
        person=person,
        reason=reason,
        at=time(),
    )
    record = _record(config, begun, given, entity)
    signing = keys(config)
    wanted = request_id(sink, source(prefix), given.event)
    with Trail(config.kafka, None) as trail:
        asyncio.run(publish(config.kafka, [record]))
        return _heard(trail, wanted, within)._replace(doubt=doubt(begun, signing))


def _record(config: Config, begun: Entry, given: Undo, entity: Entity) -> Outgoing:
    """What asks for it: an event for the sink that the action was asked for by, else a request."""
    if askedback.is_commanded(given.sink):
        parameters = begun.data.get("parameters")
        return askedback.record(config, given, parameters if isinstance(parameters, dict) else {}, entity)
    event = event_of(config.kafka.prefix, given.signed(keys(config)), entity)
    message = kafka.to_binary(event)
    topic = topics.sink(config.kafka.prefix, given.sink)
    return Outgoing(topic, message.value, kafka.partition_key(event), tuple(message.headers))


def _begun(story: Sequence[Entry]) -> Entry:
    first = story[0]
    entry = ACTIONS.get(first.action)
    if entry is None or not entry.undoable:
        raise ReflexarcError(f"{first.action} cannot be undone", cure="docs/sinks.md#vsphere says what can")
    steps = {each.step: each for each in story}
    if "started" not in steps or not steps.keys() & {"succeeded", "failed", "unknown"}:
        last = story[-1].step
        raise ReflexarcError(f"there is nothing to undo: {first.action_id} has changed nothing; it is {last}")
    return steps["started"]


def _check_sink(config: Config, sink: str, action: str) -> None:
    """Return if the sink still stands for that action: by its present one the undo would be carried out."""
    if askedback.is_commanded(sink):
        askedback.check(config, sink, action)
        return
    given = config.sinks.get(sink)
    if given is None or given.type != "remediation":
        raise ReflexarcError(
            f"it was asked for by the sink {sink}, which is not configured any more", cure="configure it"
        )
    present = getattr(given, "action", "")
    if present != action:
        raise ReflexarcError(
            f"the sink {sink}, which asked for {action}, stands for {present} by now",
            cure=f"write action: {action} at sinks.{sink} for as long as it takes",
        )


def _before(begun: Entry) -> dict[str, Any]:
    before, why = begun.data.get("before"), begun.text("irreversible")
    if isinstance(before, dict) and before and not why:
        return before
    raise ReflexarcError(
        f"{begun.action_id} cannot be undone: {why or 'the audit does not say what it had found'}",
        cure="see what it has changed with `reflexarc remediation show`, and change it back by hand",
    )


def doubt(begun: Entry, ring: Sequence[Key]) -> str:
    """Why what the audit says of an action that begins may not be true; empty where one of these keys has signed it.

    Releases before the signature have written none: whoever takes an action back looks at what it is.
    """
    given = beginning(begun)
    try:
        if given is not None:
            given.verify(ring)
            return ""
    except Unsigned:
        pass
    return (
        f"what the audit says of {begun.action_id} is not signed with a key of remediation.answer_key: "
        "it is older than the key or the release, or was not written by role execute"
    )


def _heard(trail: Trail, wanted: str, within: float) -> Undone:
    until, found = monotonic() + within, Undone(wanted)
    while monotonic() < until and found.step not in FINAL | {"parked"}:
        for entry in trail.read(LOOK):
            if entry.action_id == wanted:
                found = Undone(wanted, entry.step, entry.reason)
    return found
