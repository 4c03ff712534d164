"""What a new machine is like, and where it goes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from schemas.config.commands.lease import LONGEST
from schemas.config.commands.size import Cpus, Memory
from schemas.config.commands.slackplace import SlackPlace
from schemas.config.fault import Fault
from schemas.config.match import OneOrMore
from schemas.config.model import Model
from schemas.config.names import VcenterName
from schemas.config.units import Duration, Size
from schemas.config.webhook.slack import SlackId

Shown = Annotated[str, StringConstraints(min_length=1, max_length=240)]
"""A name as the vCenter shows it."""


class DefaultOfConfig(Model):
    """Whose commands mean this preset when they name none; a channel goes before a person, a person before a team."""

    channels: tuple[SlackPlace, ...] = Field((), description="Channels of Slack, as T…/C….")
    people: tuple[str, ...] = Field((), description="People by name.")
    teams: tuple[SlackId, ...] = Field((), description="Workspaces of Slack.")


class PresetConfig(Model):
    """One kind of new machine."""

    vcenter: VcenterName = Field(description="Where it is made.")
    cluster: Shown | None = Field(None, description="Cluster that runs it; one of cluster, host and pool is said.")
    host: Shown | None = Field(None, description="Host that runs it.")
    pool: Shown | None = Field(None, description="Resource pool that it belongs to.")
    folder: Annotated[str, StringConstraints(pattern=r"^/.+", max_length=4096)] = Field(
        description="Path of the folder that holds it: /DC0/vm/self-service."
    )
    datastore: OneOrMore | None = Field(
        None, description="Datastores that hold its files, with *; the one with most free is taken. Default: any."
    )
    network: Shown | None = Field(
        None, description="Network of the vNIC of `spawn`; default: it has none. A clone has its source's."
    )
    source: Shown | None = Field(None, description="Machine or template that `clone` copies.")
    template: bool = Field(default=False, description="Whether the source has to be a template.")
    templates: OneOrMore | None = Field(
        None, description="Templates that `clonetemplate` may name, with *; default: the source, if it is a template."
    )
    customization: Shown | None = Field(None, description="Customization specification of a clone.")
    connected: bool = Field(default=False, description="Whether its vNICs are connected.")
    power_on: bool = Field(default=False, description="Whether a clone is powered on.")
    cpus: Cpus = Field(1, description="Virtual CPUs of `spawn`.")
    memory: Memory = Field(128 * 2**20, description="Memory of `spawn`.")
    disk: Size = Field(128 * 2**20, ge=2**20, le=62 * 2**40, description="Size of the disk of `spawn`.")
    guest: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,64}$")] = Field(
        "otherGuest", description="vSphere's identifier of the guest operating system of `spawn`."
    )
    max_cpus: Cpus | None = Field(None, description="Larger sources are not cloned; default: commands.max_cpus.")
    max_memory: Memory | None = Field(None, description="Likewise; default: commands.max_memory.")
    max_disk: Size | None = Field(None, gt=0, description="Likewise, of all disks together; default: no limit.")
    lease: Duration | None = Field(
        None,
        ge=3600,
        le=LONGEST,
        description="Time that a machine is wanted at first; default: commands.lease.",
    )
    quota: int | None = Field(
        None,
        ge=0,
        le=10_000,
        strict=True,
        description="Machines that a person may own in that vCenter; default: commands.quota.",
    )
    default_of: DefaultOfConfig = Field(DefaultOfConfig(), description="Whose commands mean it without naming it.")

    @model_validator(mode="after")
    def _is_somewhere(self) -> PresetConfig:
        said = [name for name in ("cluster", "host", "pool") if getattr(self, name) is not None]
        if len(said) != 1:
            what = f"says {' and '.join(said)}" if said else "does not say what runs its machines"
            raise Fault(what, "write one of cluster, host and pool")
        return self

    @model_validator(mode="after")
    def _keeps_its_limits(self) -> PresetConfig:
        for name in ("cpus", "memory"):
            most = getattr(self, f"max_{name}")
            if most is not None and getattr(self, name) > most:
                raise Fault(f"is more than max_{name}", f"write at most max_{name}", field=name)
        if self.template and self.source is None:
            raise Fault("is true, and there is no source", "add source: <name>, or remove the line", field="template")
        return self
