"""What a command asks for, in the terms of an action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config.commands import CommandsConfig, PresetConfig
    from sinks.vsphere.aim import ByName


class Asker(NamedTuple):
    """Who asks, and where.

    Attributes:
        person: by ``Identities.person``.
        team: of Slack; empty for who came another way.
        channel: of Slack, ``T…/C…``; likewise.
    """

    person: str
    team: str = ""
    channel: str = ""


class Ground(NamedTuple):
    """What the parameters of an action are made of, besides the command.

    Attributes:
        config: the section ``commands``.
        asker: who asks.
        usable: the presets that ``asker`` may use, by ``Authority.presets``.
        mark: id of the action, 16 hexadecimal digits.
        now: seconds since 1970.
        owner: whose machine it has to be; empty for whoever's.
    """

    config: CommandsConfig
    asker: Asker
    usable: Mapping[str, PresetConfig]
    mark: str
    now: float
    owner: str = ""


class Deed(NamedTuple):
    """One action.

    Attributes:
        action: name in the table of actions.
        parameters: what it is told, JSON; of a quarantine the machine's ``path`` is to be added once it is found.
        vm: the machine that it is done to; of a new one the name that it gets, always with its vCenter.
        folder: of a new machine: path of the folder that it is made in, which is what the action is done to.
        preset: of a new machine: which.
        keep: of a quarantine: seconds after which its files may be deleted; 0: never.
        quota: of a new machine: so many machines its owner may have in that vCenter, this one among them.
    """

    action: str
    parameters: dict[str, Any]
    vm: ByName
    folder: str = ""
    preset: str = ""
    quota: int = 0
    keep: float = 0.0
