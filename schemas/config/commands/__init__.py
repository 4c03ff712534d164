"""The section ``commands``: who may ask for what in person, and what new machines are like; one noun per file."""

from schemas.config.commands.commands import CommandsConfig
from schemas.config.commands.grant import GrantConfig
from schemas.config.commands.lease import LeaseConfig
from schemas.config.commands.person import PersonConfig
from schemas.config.commands.preset import DefaultOfConfig, PresetConfig
from schemas.config.commands.quarantine import QuarantineConfig
from schemas.config.commands.size import SizeConfig
from schemas.config.commands.verb import VerbConfig

__all__ = [
    "CommandsConfig",
    "DefaultOfConfig",
    "GrantConfig",
    "LeaseConfig",
    "PersonConfig",
    "PresetConfig",
    "QuarantineConfig",
    "SizeConfig",
    "VerbConfig",
]
