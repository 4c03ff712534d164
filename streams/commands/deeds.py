"""From a command to the action that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.config.names import suggestion
from schemas.config.units import format_duration
from sinks.vsphere.parameters.scale import MEBIBYTE
from streams.commands.arguments import Doomed, Leased, Machine, New, Resized, Sized
from streams.commands.deed import Deed
from streams.commands.parse import Misuse
from streams.commands.placement import instant, place
from streams.commands.verbs import VERBS
from streams.commands.words import Wrong

if TYPE_CHECKING:
    from schemas.config.commands import CommandsConfig
    from streams.commands.deed import Ground
    from streams.commands.parse import Command


def deed(command: Command, ground: Ground) -> Deed | Misuse:
    """The action of a command whose verb is one of an action, or why there is none; pure.

    Whether the person may is another question: ``Authority``.
    """
    action, told = VERBS[command.verb].action, command.arguments
    try:
        match told:
            case New():
                return place(action, told, ground)
            case Resized() | Sized():
                return Deed(action, _size(told, ground.config), told.vm)
            case Doomed():
                away = ground.config.quarantine
                parameters = {"owner": ground.owner, "folder": away.folder, "mark": ground.mark}
                return Deed(action, parameters, told.vm, keep=away.purge_after)
            case Leased():
                return Deed(action, _lease(told, ground), told.vm)
            case Machine():
                return Deed(action, {}, told.vm)
    except Wrong as wrong:
        return Misuse(str(wrong), command.verb)
    raise TypeError(f"{command.verb} is no action")


def _lease(told: Leased, ground: Ground) -> dict[str, Any]:
    longest = ground.config.lease.longest
    if told.seconds > longest:
        asked, most = format_duration(told.seconds), format_duration(longest)
        raise Wrong(f"{asked} is longer than any machine is wanted for at once here: {most}.")
    return {"lease": instant(ground.now + told.seconds), "owner": ground.owner}


def _size(told: Resized | Sized, config: CommandsConfig) -> dict[str, Any]:
    if isinstance(told, Sized):
        named = config.sizes.get(told.size)
        if named is None:
            hint = suggestion(told.size, config.sizes, none="there are none")
            raise Wrong(f"No size is called {told.size}; {hint}")
        cpus, memory = named.cpus, named.memory
    else:
        cpus, memory = told.cpus, told.memory * MEBIBYTE
    if cpus > config.max_cpus:
        raise Wrong(f"{cpus} CPUs are more than any machine is given here: {config.max_cpus}.")
    if memory > config.max_memory:
        most = config.max_memory // MEBIBYTE
        raise Wrong(f"{memory // MEBIBYTE} MB of memory are more than any machine is given here: {most} MB.")
    return {"cpus": cpus, "memory": memory, "max_cpus": config.max_cpus, "max_memory": config.max_memory}
