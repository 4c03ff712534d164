"""What people may ask for in person, in a chat or at a command line."""

from __future__ import annotations

from pydantic import Field

from schemas.config.commands.grant import GrantConfig
from schemas.config.commands.lease import LeaseConfig
from schemas.config.commands.person import PersonConfig
from schemas.config.commands.preset import PresetConfig, Shown
from schemas.config.commands.quarantine import QuarantineConfig
from schemas.config.commands.size import Cpus, Memory, SizeConfig
from schemas.config.commands.verb import VerbConfig
from schemas.config.commands.verbs import VerbName
from schemas.config.keyfile import KeyFile
from schemas.config.model import Model
from schemas.config.names import HostLikeName, SinkName


class CommandsConfig(Model):
    """Who is who, who may what, and what new machines are like."""

    replies: SinkName | None = Field(
        None, description="Sink of type slack that answers; default: people hear only that a command is accepted."
    )
    key: KeyFile | None = Field(
        None, description="Keys that commands of a command line are signed with, one a line; default: there are none."
    )
    people: dict[HostLikeName, PersonConfig] = Field({}, description="Who is who, by name.")
    grants: tuple[GrantConfig, ...] = Field((), description="Who may what; default: nobody anything.")
    presets: dict[HostLikeName, PresetConfig] = Field({}, description="Kinds of new machines, by name.")
    sizes: dict[HostLikeName, SizeConfig] = Field({}, description="Sizes for `transform`, by name.")
    owner_tags: Shown | None = Field(
        None,
        description="Category of tags called as people are; a new machine is given its owner's. Default: none.",
    )
    lease: LeaseConfig = Field(LeaseConfig(), description="For how long new machines are wanted.")
    quota: int = Field(
        5,
        ge=0,
        le=10_000,
        strict=True,
        description="Machines that a person may own in one vCenter.",
    )
    quarantine: QuarantineConfig = Field(QuarantineConfig(), description="Where `nuke` puts machines.")
    verbs: dict[VerbName, VerbConfig] = Field({}, description="How verbs differ from their actions, by name.")
    max_cpus: Cpus = Field(8, description="More are given to no machine.")
    max_memory: Memory = Field(32 * 2**30, description="More is given to no machine.")
