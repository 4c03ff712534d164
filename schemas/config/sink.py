"""What every sink has in common; connectors derive their own model from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model
from schemas.config.names import Name
from schemas.config.units import Duration
from schemas.topics import UNDECODABLE, UNROUTABLE

_OWNERS = {UNDECODABLE: "ingest", UNROUTABLE: "the router"}


def _free(name: str) -> str:
    if name in {UNDECODABLE, UNROUTABLE}:
        raise Fault(f"is reserved for the dead letters of {_OWNERS[name]}", "choose another name")
    return name


class SinkConfig(Model):
    """One destination and how patiently it is served."""

    name: Annotated[Name, AfterValidator(_free)] = Field(description="Name of the sink: its topics end in it.")
    type: str = Field(description="Which connector.")
    read_from: Literal["sink", "events"] = Field(
        "sink",
        description="events: choose among all events without the topic in between, in a process and a consumer group "
        "of its own; for a sink that gets most of them.",
    )
    ordered: bool = Field(
        default=True, description="One event of a key after the other; false: as they come, faster with few keys."
    )
    in_flight: int = Field(
        32, ge=1, le=10_000, strict=True, description="Events under way at once, each of another key when ordered."
    )
    rate: float | None = Field(None, gt=0, le=1_000_000, description="Attempts per second, at most; default: no limit.")
    retry: int = Field(5, ge=0, le=1000, strict=True, description="Attempts after the first one.")
    backoff_policy: Literal["exponential", "linear"] = Field(
        "exponential", description="How the pause between attempts grows."
    )
    backoff_delay: Duration = Field(0.2, gt=0, description="First pause.")
    backoff_max: Duration = Field(30.0, gt=0, description="Longest pause.")
    retry_after_max: Duration = Field(
        300.0, ge=0, description="Longest pause that the sink may ask for with Retry-After; 0: its wish is not heard."
    )
    timeout: Duration = Field(15.0, gt=0, description="Longest wait for one answer.")

    @model_validator(mode="after")
    def _backoff_has_room(self) -> SinkConfig:
        if self.backoff_max < self.backoff_delay:
            raise Fault("is shorter than backoff_delay", "write at least backoff_delay", field="backoff_max")
        return self
