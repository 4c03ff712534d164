"""Which events go to which sinks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.names import Name, SinkName


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise Fault("names no sink", "name one")
    repeated = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if repeated is not None:
        raise Fault(f"names {repeated} twice", "name each once")
    return values


def _not_empty(subjects: tuple[str, ...]) -> tuple[str, ...]:
    if not subjects or not all(subjects):
        raise Fault("names no subject", "name one, or leave subject out to match every event")
    return subjects


class MatchConfig(Model):
    """What an event must look like; without any condition every event matches."""

    subject: Annotated[
        tuple[str, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | list[str]), AfterValidator(_not_empty)
    ] = Field((), description="Subject or subjects, compared exactly: VmPoweredOffEvent.")


class RouteConfig(Model):
    """One rule: the events that match go to every sink named."""

    name: Name = Field(description="Unique name, shown wherever the route acts.")
    match: MatchConfig = Field(MatchConfig(), description="Which events; default: all.")
    to: Annotated[
        tuple[SinkName, ...],
        BeforeValidator(_as_tuple, json_schema_input_type=str | list[str]),
        AfterValidator(_distinct),
    ] = Field(description="Sink or sinks that receive the event.")
