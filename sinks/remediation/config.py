"""What a file says about a ``remediation`` sink."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from schemas.config import Duration, Fault, WindowConfig
from schemas.config.remediation import LONGEST_AGE
from schemas.remediation.request import MOST_PARTS
from sinks.vsphere.asked import ActionSinkConfig


class RemediationSinkConfig(ActionSinkConfig):
    """Which action an event asks for, and where its limits differ from those of ``remediation``."""

    type: Literal["remediation"] = Field("remediation", description="Which connector.")
    in_flight: int = Field(8, ge=1, le=64, strict=True, description="Targets that are looked for at once.")
    read_from: Literal["sink"] = Field("sink", description="A request is made of what the router chose.")
    dry_run: bool = Field(
        default=False, description="Only say what would be done, also when remediation.dry_run is false."
    )
    approval: Literal["default", "always", "never"] = Field(
        "default", description="Whether a person has to agree; default: as the action needs it."
    )
    trusted_senders: tuple[str, ...] = Field(
        (),
        description="Sources, with *, whose events cut a machine off without approval; those of vCenters need not be "
        "named.",
    )
    max_chosen: int = Field(
        5,
        ge=1,
        le=MOST_PARTS,
        strict=True,
        description="Machines that one event of a datastore has moved, at most; where more would have to, none is.",
    )
    action_timeout: Duration = Field(
        3600.0, gt=0, le=LONGEST_AGE, description="Longest wait for the end of an action; then its outcome is unknown."
    )
    cool_down: Duration | None = Field(
        None,
        le=LONGEST_AGE,
        description="Time in which the same action on the same entity is refused; default: remediation.cool_down.",
    )
    max_age: Duration | None = Field(
        None, gt=0, le=LONGEST_AGE, description="Events that are older are refused; default: remediation.max_age."
    )
    edges: Literal["rising", "falling", "any"] = Field(
        "rising",
        description="Which changes of an alarm ask for it: to a worse status, to a better one (green or yellow), or "
        "any change.",
    )
    active_windows: tuple[WindowConfig, ...] = Field(
        (), description="When it is done; besides those of remediation; default: always."
    )
    mute_windows: tuple[WindowConfig, ...] = Field((), description="When it is not done; besides those of remediation.")
    replayed: bool = Field(default=False, description="Whether events that are replayed ask for it, too.")
    own_events: bool = Field(default=False, description="Whether events of our own actions ask for it, too.")
    max_hops: int = Field(
        1, ge=1, le=10, strict=True, description="With own_events: how many actions may follow from each other."
    )

    @field_validator("trusted_senders")
    @classmethod
    def _not_everybody(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        if any(not pattern.strip("*?") for pattern in patterns):
            raise Fault("trusts everybody", "name the sources, or write approval: never")
        return patterns
