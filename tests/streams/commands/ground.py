"""A configuration of commands, and who asks."""

from __future__ import annotations

from typing import Any, Final

from schemas.config import CommandsConfig
from streams.commands.authority import Authority, Case
from streams.commands.deed import Asker, Ground

MARK: Final = "0123456789abcdef"
NOW: Final = 1_800_000_000.5
HERE: Final = "T1A/C1A"
SMALL: Final = {"vcenter": "vc1", "cluster": "c1", "folder": "/DC0/vm/self"}
GOLDEN: Final = {"source": "golden", "template": True}


def configured(**section: Any) -> CommandsConfig:
    given = {
        "people": {"anna": {}, "ben": {}},
        "grants": [{"to": ["anna"], "verbs": ["create"]}],
        "presets": {"small": SMALL},
    }
    return CommandsConfig.model_validate(given | section)


def ground(asker: Asker | None = None, *, owner: str = "", **section: Any) -> Ground:
    config, who = configured(**section), asker or Asker("anna")
    usable = Authority.of(config).presets(Case(who.person, "spawn", channel=who.channel), config.presets)
    return Ground(config, who, usable, MARK, NOW, owner)
