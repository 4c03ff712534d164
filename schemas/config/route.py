"""Which events go to which sinks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.config.fault import Fault
from schemas.config.match import MatchConfig, as_tuple
from schemas.config.model import Model
from schemas.config.names import Name, SinkName
from schemas.config.throttle import ThrottleConfig
from schemas.config.transform import TransformConfig
from schemas.config.window import WindowConfig


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise Fault("names no sink", "name one")
    repeated = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if repeated is not None:
        raise Fault(f"names {repeated} twice", "name each once")
    return values


class RouteConfig(Model):
    """One rule: the events that match go to every sink named."""

    name: Name = Field(description="Unique name, shown wherever the route acts.")
    enabled: bool = Field(
        True, strict=True, description="Whether it acts; a route that does not is checked all the same."
    )
    match: MatchConfig = Field(MatchConfig(), description="Which events; default: all.")
    active_windows: tuple[WindowConfig, ...] = Field(
        (), description="Acts only inside one of these, by the event's time."
    )
    mute_windows: tuple[WindowConfig, ...] = Field(
        (), description="Does not act inside any of these, by the event's time."
    )
    sample: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the matching events, chosen by their id: the same ones again at a replay.",
    )
    on_unknown: Literal["match", "skip"] = Field(
        "skip", description="What an inventory condition does with an entity that is not known, or not lately."
    )
    transform: TransformConfig | None = Field(None, description="How the event is reshaped; default: not at all.")
    throttle: ThrottleConfig | None = Field(None, description="How many of the events of one group pass; default: all.")
    to: Annotated[
        tuple[SinkName, ...],
        BeforeValidator(as_tuple, json_schema_input_type=str | list[str]),
        AfterValidator(_distinct),
    ] = Field(description="Sink or sinks that receive the event.")
