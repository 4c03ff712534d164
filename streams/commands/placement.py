"""Where a new machine goes, and what it is like: all of it is the preset's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schemas.config.names import suggestion
from sinks.vsphere.aim import ByName
from sinks.vsphere.parameters.names import fits
from streams.commands.deed import Deed
from streams.commands.words import Wrong

if TYPE_CHECKING:
    from schemas.config.commands import CommandsConfig, PresetConfig
    from streams.commands.arguments import New
    from streams.commands.deed import Ground

CREATE = "create"


def place(action: str, new: New, ground: Ground) -> Deed:
    """The action that makes a machine.

    Args:
        action: ``create`` or ``clone``.
        new: what was said.
        ground: by which preset that may be.

    Raises:
        Wrong: no preset is meant, or none that fits what was said.
    """
    name, preset = _preset(new, ground)
    if new.vm.vcenter not in {None, preset.vcenter}:
        raise Wrong(f"Preset {name} makes machines in {preset.vcenter}, not in {new.vm.vcenter}.")
    parameters = _shared(new, preset, ground)
    if action == CREATE:
        parameters |= _empty(preset)
    else:
        source = _source(new.template, name, preset)
        parameters |= _like(source, preset, ground.config)
        parameters["template"] = preset.template or new.template is not None
    quota = ground.config.quota if preset.quota is None else preset.quota
    return Deed(action, parameters, ByName(new.vm.name, preset.vcenter), preset.folder, name, quota)


def _preset(new: New, ground: Ground) -> tuple[str, PresetConfig]:
    """The one that is named, else the default of the channel, the person or the team, else the only one."""
    presets = ground.config.presets
    if new.preset is not None:
        if new.preset not in presets:
            hint = suggestion(new.preset, ground.usable, none="you may use none")
            raise Wrong(f"No preset is called {new.preset}; {hint}")
        return new.preset, presets[new.preset]
    usable = {name: each for name, each in ground.usable.items() if new.vm.vcenter in {None, each.vcenter}}
    asker = ground.asker
    wanted = (("channels", asker.channel), ("people", asker.person), ("teams", asker.team))
    for key, who in wanted:
        for name, preset in usable.items():
            if who in getattr(preset.default_of, key):
                return name, preset
    if len(usable) == 1:
        return next(iter(usable.items()))
    if not usable:
        where = f" in {new.vm.vcenter}" if new.vm.vcenter else ""
        raise Wrong(f"There is no preset that you may use{where}.")
    raise Wrong(f"Say by which preset, as the last argument: {', '.join(sorted(usable))}.")


def _source(template: str | None, name: str, preset: PresetConfig) -> str:
    if template is None:
        if preset.source is None:
            raise Wrong(f"Preset {name} does not say what is cloned; use clonetemplate.")
        return preset.source
    if preset.templates is not None:
        known = fits(template, preset.templates)
    else:
        known = preset.template and template == preset.source
    if not known:
        raise Wrong(f"Preset {name} does not let {template} be cloned.")
    return template


def _shared(new: New, preset: PresetConfig, ground: Ground) -> dict[str, Any]:
    seconds = ground.config.lease.for_ if preset.lease is None else preset.lease
    where = {key: value for key in ("cluster", "host", "pool") if (value := getattr(preset, key)) is not None}
    return where | {
        "name": new.vm.name,
        "mark": ground.mark,
        "owner": ground.asker.person,
        "lease": instant(ground.now + seconds),
        "datastore": list(preset.datastore or ()),
        "connected": preset.connected,
    }


def _empty(preset: PresetConfig) -> dict[str, Any]:
    return {
        "cpus": preset.cpus,
        "memory": preset.memory,
        "disk": preset.disk,
        "network": preset.network or "",
        "guest_id": preset.guest,
    }


def _like(source: str, preset: PresetConfig, config: CommandsConfig) -> dict[str, Any]:
    return {
        "source": source,
        "customization": preset.customization or "",
        "power_on": preset.power_on,
        "max_cpus": preset.max_cpus or config.max_cpus,
        "max_memory": preset.max_memory or config.max_memory,
        **({} if preset.max_disk is None else {"max_disk": preset.max_disk}),
    }


def instant(at: float) -> str:
    """Seconds since 1970 as RFC 3339 has them, whole seconds of UTC."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
