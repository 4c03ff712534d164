"""A file of expectations: events, and the sinks that each must reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import orjson
from pydantic import BeforeValidator, Field, model_validator

from ops.events.file import read_event
from ops.routes.entity import KnownEntity
from schemas.cloudevents import json
from schemas.config import Fault, Model, ReadableFile, Scope
from schemas.config.file import read
from schemas.config.match import as_tuple
from schemas.config.names import SinkName, suggestion
from schemas.config.pattern import read_pattern
from schemas.config.reading import Reading
from schemas.config.wording import unknown_key
from schemas.errors import ConfigError, InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from schemas.cloudevents import CloudEvent
    from schemas.config import Config

KEYS: Final = ("tests", "rules")

DEFAULTS = {"specversion": "1.0", "id": "expectation", "source": "/expectation"}


def _event(value: Any) -> Any:
    """A CloudEvent in JSON's shape; what every event needs and nobody looks at may be left out."""
    if not isinstance(value, dict):
        raise Fault("is not a mapping", "write attributes and data: {subject: VmPoweredOffEvent, data: {…}}")
    subject = value.get("subject")
    kind = f"com.vmware.vsphere.{subject}.v0" if subject else "expectation"
    try:
        return json.loads(orjson.dumps({**DEFAULTS, "type": kind, **value}))
    except (InvalidEvent, TypeError) as error:
        raise Fault(f"is no CloudEvent: {error}", "write attributes and data as CloudEvents has them") from None


class Expectation(Model):
    """One event, and where it must go."""

    name: str = Field(description="One sentence of what is expected.")
    event: Annotated[Any, BeforeValidator(_event)] = Field(None, description="The event: attributes and data.")
    event_file: ReadableFile | None = Field(None, description="JSON file with the event, instead of event.")
    sinks: Annotated[tuple[SinkName, ...], BeforeValidator(as_tuple, json_schema_input_type=str | list[str])] = Field(
        description="Exactly these sinks get it; an empty list: none."
    )
    routes: Annotated[tuple[str, ...] | None, BeforeValidator(as_tuple, json_schema_input_type=str | list[str])] = (
        Field(None, description="Exactly these routes match; default: not looked at.")
    )

    inventory: KnownEntity | None = Field(
        None, description="What the inventory knows of the event's entity; default: nothing."
    )

    @model_validator(mode="after")
    def _one_event(self) -> Expectation:
        if (self.event is None) == (self.event_file is None):
            raise Fault("needs one of event and event_file", "write one of them")
        return self

    def given(self) -> CloudEvent:
        """The event.

        Raises:
            ReflexarcError: its file cannot be read, or holds none.
        """
        if self.event_file is None:
            event: CloudEvent = self.event
            return event
        return read_event(self.event_file)


class Expectations(NamedTuple):
    """What a file says.

    Attributes:
        tests: in its order.
        rules: patterns of EventBridge rules by ARN; what is not in it counts as not fetched.
    """

    tests: tuple[Expectation, ...]
    rules: Mapping[str, Mapping[str, Any]]


def read_expectations(path: Path, config: Config) -> Expectations:
    """Every expectation of a file: ``tests:``, a list, and ``rules:``, pattern files by ARN, in place of AWS.

    Raises:
        ConfigError: with every problem of the file.
    """
    document = read(path)
    if document.problems:
        raise ConfigError(str(path), document.problems)
    scope = Scope(folder=path.parent, vcenters=config.vcenters.keys(), sinks=config.sinks.keys())
    reading = Reading(document, scope)
    for key in document.data:
        if key not in KEYS:
            reading.fault((key,), *unknown_key(key, KEYS))
    found = [reading.model(Expectation, ("tests", at), given) for at, given in enumerate(reading.items("tests"))]
    if not found:
        reading.fault((), "has no tests", "write `tests:` and one `- name: …` per expectation")
    references = (reference for route in config.routes for reference in route.match.references())
    rules = _rules(reading, scope, {each.rule_arn for each in references if each.rule_arn is not None})
    if reading.problems:
        raise ConfigError(str(path), reading.problems)
    return Expectations(tuple(each for each in found if each is not None), rules)


def _rules(reading: Reading, scope: Scope, named: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The patterns that the file gives in place of AWS."""
    rules: dict[str, Mapping[str, Any]] = {}
    for arn, file in reading.section("rules").items():
        if arn not in named:
            reading.fault(("rules", arn), "no route names this rule", suggestion(arn, named, none="no route names one"))
            continue
        if not isinstance(file, str) or not file:
            reading.fault(("rules", arn), "is not a path", "write the JSON file that holds the rule's pattern")
            continue
        try:
            rules[arn] = read_pattern(scope.path(file))
        except Fault as fault:
            reading.fault(("rules", arn), fault.what, fault.cure)
    return rules
