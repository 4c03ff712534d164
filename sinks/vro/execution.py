"""One execution of a workflow, as vRO tells of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.cloudevents.attributes import canonical
from schemas.epoch import moment
from sinks.jsonapi import printable
from sinks.vro.parameters import ATTRIBUTES, IDENTITY, RAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.cloudevents import CloudEvent

COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELED: Final = "canceled"
INITIALIZING: Final = "initializing"

WAITING: Final = "waiting"
"""It waits for a person, however long; ``waiting-signal`` waits for a moment or another workflow, and goes on."""

ENDED: Final = frozenset({COMPLETED, FAILED, CANCELED, WAITING})
"""States that nobody has to wait behind."""

Identity = tuple[str, ...]
"""The values of ``IDENTITY``; empty where there is none."""

_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_TOLD: Final = 1000  # characters of what a workflow says about its failure


@dataclass(frozen=True, slots=True)
class Execution:
    """What there is to know of an execution.

    Attributes:
        identifier: fit for a path.
        state: as vRO calls it.
        identity: of the event that it was started for; None when its inputs do not say.
        failure: what went wrong, in the words of the workflow; may be empty.
    """

    identifier: str
    state: str
    identity: Identity | None
    failure: str

    @classmethod
    def of(cls, described: Any) -> Execution | None:
        """The execution that an answer describes; None when it describes none."""
        if not isinstance(described, dict) or not (identifier := identifier_of(described.get("id"))):
            return None
        failure = _either(described, "content-exception", "contentException")
        inputs = _either(described, "input-parameters", "inputParameters")
        return cls(
            identifier,
            str(described.get("state") or "").lower(),
            _identity_in(inputs),
            printable(failure, _TOLD) if isinstance(failure, str) else "",
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of executions.

    Attributes:
        identifier: fit for a path.
        started: when; None where the list does not say.
    """

    identifier: str
    started: datetime | None

    @classmethod
    def of(cls, link: Any) -> Entry | None:
        """The entry that a link of the list is; None when it is none."""
        if not isinstance(link, dict):
            return None
        named = _either(link, "attributes", "attribute")
        try:
            values = {str(each["name"]).lower(): each.get("value") for each in named or ()}
        except (AttributeError, KeyError, TypeError):
            values = {}
        last = str(link.get("href") or "").rstrip("/").rpartition("/")[2]
        identifier = identifier_of(values.get("id")) or identifier_of(last)
        return cls(identifier, _instant(values.get("startdate") or values.get("start-date"))) if identifier else None


def identity(event: CloudEvent) -> Identity:
    """The identity of an event."""
    attributes = event.attributes()
    return tuple(canonical(attributes[name]) if name in attributes else "" for name in IDENTITY)


def identifier_of(given: Any) -> str:
    """An id that is fit for a path; else nothing."""
    return given if isinstance(given, str) and _ID.fullmatch(given) and given.strip(".") else ""


def _identity_in(inputs: Any) -> Identity | None:
    """What the parameters of an execution say about its event."""
    listed = inputs if isinstance(inputs, list) else []
    found = {str(each.get("name")): each.get("value") for each in listed if isinstance(each, dict)}
    for values in (_of_raw(found.get(RAW)), dict(_of_attributes(found.get(ATTRIBUTES)))):
        if isinstance(values.get("id"), str) and isinstance(values.get("source"), str):
            return tuple(str(values.get(name) or "") for name in IDENTITY)
    return None


def _of_raw(wire: Any) -> dict[str, Any]:
    try:
        event = orjson.loads(wire["string"]["value"])
    except (KeyError, TypeError, orjson.JSONDecodeError):
        return {}
    return event if isinstance(event, dict) else {}


def _of_attributes(wire: Any) -> Iterator[tuple[str, Any]]:
    try:
        for entry in wire["properties"]["property"]:
            if entry["key"] in IDENTITY:
                yield entry["key"], entry["value"]["string"]["value"]
    except (KeyError, TypeError):
        return


def _either(described: dict[str, Any], *keys: str) -> Any:
    return next((described[key] for key in keys if described.get(key) is not None), None)


def _instant(given: Any) -> datetime | None:
    text = str(given or "")
    if text.isascii() and text.isdigit():
        return moment(int(text[:18]))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None
