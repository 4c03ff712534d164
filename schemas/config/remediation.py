"""The limits inside which reflexarc acts on vSphere; without a word of the operator nothing is touched."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemas.config.fault import Fault
from schemas.config.keyfile import KeyFile
from schemas.config.match import OneOrMore
from schemas.config.model import Model
from schemas.config.names import VcenterName
from schemas.config.units import Duration
from schemas.config.window import WindowConfig

LONGEST_AGE = 24 * 3600.0
"""Seconds: decisions are kept for longer, so that no event that is young enough to act on is decided twice."""


def _none_for_null(value: Any) -> Any:
    return () if value is None else value


class ScopeConfig(Model):
    """Some entities: those that fit every key that is given, each by any of its patterns; case does not matter."""

    names: OneOrMore | None = Field(None, description="Names; * stands for any text.")
    folders: OneOrMore | None = Field(None, description="Paths of folders, at any depth: /DC0/vm/web.")
    tags: OneOrMore | None = Field(None, description="Tags as category/tag; * stands for any text.")
    vcenters: tuple[VcenterName, ...] | None = Field(None, min_length=1, description="vCenters by name.")

    @model_validator(mode="after")
    def _says_something(self) -> ScopeConfig:
        if self.names is self.folders is self.tags is self.vcenters is None:
            raise Fault("says nothing", 'write what is meant: {names: ["web-*"]}')
        return self


class BlastRadiusConfig(Model):
    """So many actions within so long, however many events ask for more."""

    per: Literal["cluster", "vcenter"] = Field(description="Whose actions are counted together.")
    actions: int = Field(ge=1, le=10_000, strict=True, description="Actions at most.")
    within: Duration = Field(gt=0, le=LONGEST_AGE, description="In any stretch of time of this length.")


class CircuitConfig(Model):
    """After so many failures in a row a sink's actions are refused for a while."""

    failures: int = Field(3, ge=1, le=1000, strict=True, description="Failed or unknown outcomes in a row.")
    open_for: Duration = Field(1800.0, gt=0, le=LONGEST_AGE, description="Time without actions after the last one.")


class ConcurrencyConfig(Model):
    """How much is under way at once, in each worker."""

    vcenter: int = Field(8, ge=1, le=64, strict=True, description="Actions in one vCenter.")
    relocate: int = Field(2, ge=1, le=64, strict=True, description="Moves of machines in one vCenter.")


Scopes = Annotated[
    tuple[ScopeConfig, ...], BeforeValidator(_none_for_null, json_schema_input_type=list[ScopeConfig] | None)
]


class RemediationConfig(Model):
    """What may be acted on, how often, when, and who has to agree."""

    dry_run: bool = Field(default=True, description="Decide and plan, but change nothing.")
    allow: Scopes = Field((), description="What may be acted on; default: nothing.")
    deny: Scopes = Field((), description="What is never acted on, whatever allow says.")
    cool_down: Duration = Field(
        900.0, le=LONGEST_AGE, description="Time after an action in which the same one on the same entity is refused."
    )
    blast_radius: tuple[BlastRadiusConfig, ...] = Field(
        (
            BlastRadiusConfig(per="cluster", actions=5, within=600.0),
            BlastRadiusConfig(per="vcenter", actions=20, within=600.0),
        ),
        description="Most actions within some time; all of them hold. Urgent ones (disconnect-vnic) are counted apart.",
    )
    active_windows: tuple[WindowConfig, ...] = Field((), description="When anything is done; default: always.")
    mute_windows: tuple[WindowConfig, ...] = Field((), description="When nothing is done.")
    max_age: Duration = Field(900.0, gt=0, le=LONGEST_AGE, description="Events that are older are refused.")
    max_clock_offset: Duration = Field(
        60.0, gt=0, le=3600.0, description="A vCenter whose clock is further from ours gets no action."
    )
    circuit: CircuitConfig = Field(CircuitConfig(), description="When failures end it.")
    approval_expires: Duration = Field(
        3600.0, gt=0, le=LONGEST_AGE, description="Time in which a person has to approve; then it is refused."
    )
    concurrency: ConcurrencyConfig = Field(ConcurrencyConfig(), description="How much is under way at once.")
    stop_file: str | None = Field(
        None, description="While this file is there, no worker of this machine begins an action."
    )
    answer_key: KeyFile | None = Field(
        None, description="Keys that answers of people are signed with, one a line; without it nobody can approve."
    )
