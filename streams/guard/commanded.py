"""The limits of what people ask for, or what follows from it: those of a sink for each verb that is an action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.config.commands.verb import VerbConfig
from schemas.config.commands.verbs import UNTYPED
from sinks.remediation.config import RemediationSinkConfig
from sinks.vsphere.parameters.none import NoParameters
from streams.commands.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config.commands import CommandsConfig

LEASE_END, LEASE_QUARANTINE = UNTYPED
PURGE: Final = "purge"
"""Verbs that nobody types: what becomes of a machine whose lease has ended, and of files in quarantine."""

OWNER_TAG: Final = "owner-tag"
"""Likewise: a new machine is given the tag of its owner."""

PREFIX: Final = "command/"
"""How the names of such limits begin, where a request names its sink; no sink can be called so."""


def name(verb: str) -> str:
    """What the requests of a verb name in the place of a sink."""
    return f"{PREFIX}{verb}"


def verbs(config: CommandsConfig | None) -> Mapping[str, RemediationSinkConfig]:
    """What differs from ``remediation``, by ``name``; nothing where nobody may ask for anything.

    What the action is told comes with each request.
    """
    if config is None:
        return {}
    typed = {
        name(verb.name): _limits(verb.name, verb.action, config.verbs.get(verb.name, VerbConfig()))
        for verb in VERBS.values()
        if verb.action
    }
    return typed | {
        name(LEASE_END): _limits(LEASE_END, "power-off", _unasked(config, LEASE_END)),
        name(LEASE_QUARANTINE): _limits(LEASE_QUARANTINE, "quarantine", _unasked(config, LEASE_QUARANTINE)),
        name(OWNER_TAG): _limits(OWNER_TAG, "tag", VerbConfig(approval="never")),
        name(PURGE): _limits(PURGE, "purge", VerbConfig(approval="always")),
    }


def _unasked(config: CommandsConfig, verb: str) -> VerbConfig:
    """Its owner was warned: nobody is asked, unless the configuration says so."""
    said = config.verbs.get(verb, VerbConfig())
    return said.model_copy(update={"approval": "never"}) if said.approval == "default" else said


def _limits(verb: str, action: str, said: VerbConfig) -> RemediationSinkConfig:
    # Not validated: its parameters are none, whatever the action has to be told.
    return RemediationSinkConfig.model_construct(
        name=name(verb),
        type="remediation",
        action=action,
        parameters=NoParameters(),
        approval=said.approval,
        cool_down=said.cool_down or 0.0,
        max_age=said.max_age,
    )
