"""What the accounts of a vCenter are for, beside reading its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sinks.remediation.config import RemediationSinkConfig
from sinks.vsphere.actions import privileges
from sinks.vsphere.asked import ActionSinkConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.config import Config


class Wanted(NamedTuple):
    """Privileges by who needs them, such as ``sink isolate``.

    Attributes:
        by_reader: of the account that reads events.
        by_actor: of the account that acts for sinks of type remediation.
        acts: whether the account that reads events acts for sinks of type vsphere.
    """

    by_reader: Mapping[str, Sequence[str]]
    by_actor: Mapping[str, Sequence[str]]
    acts: bool = False

    @property
    def all(self) -> Mapping[str, Sequence[str]]:
        """Of one account that does everything."""
        return {**self.by_reader, **self.by_actor}


def wanted(config: Config, name: str) -> Wanted:
    """What the accounts of the vCenter called ``name`` are for. Imports pyvmomi."""
    by_reader: dict[str, Sequence[str]] = {}
    by_actor: dict[str, Sequence[str]] = {}
    for sink in config.sinks.values():
        if isinstance(sink, ActionSinkConfig) and name in (sink.vcenters or config.vcenters):
            of = by_actor if isinstance(sink, RemediationSinkConfig) else by_reader
            of[f"sink {sink.name}"] = privileges(sink.action, sink.parameters)
    acts = bool(by_reader)
    if config.vcenters[name].canary:
        by_reader["canary"] = ("Global.LogEvent",)
    return Wanted(by_reader, by_actor, acts)
