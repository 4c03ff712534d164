"""Whom a replay may write for: an event that comes again does again whatever it makes happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.names import suggestion
from schemas.errors import ReflexarcError, Refused
from sinks.registry import side_effects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.config import SinkConfig

_SHOWN = 5


def known(named: Sequence[str], sinks: Mapping[str, SinkConfig]) -> tuple[str, ...]:
    """The names, each once.

    Raises:
        ReflexarcError: there is no such sink.
    """
    for name in named:
        if name not in sinks:
            raise ReflexarcError(
                f"no sink is called {name}", cure=suggestion(name, list(sinks), none="there are no sinks")
            )
    return tuple(dict.fromkeys(named))


def permit(named: Sequence[str], sinks: Mapping[str, SinkConfig], *, allowed: bool) -> None:
    """Do nothing, unless one of the sinks has side effects and that was not allowed.

    Raises:
        Refused: with the names of such sinks.
    """
    acting = [f"{name} ({sinks[name].type})" for name in named if side_effects(sinks[name].type)]
    if acting and not allowed:
        more = f" and {len(acting) - _SHOWN} more" if len(acting) > _SHOWN else ""
        what = f"{', '.join(acting[:_SHOWN])}{more} would act on these events once more"
        raise Refused(what, cure="see with --dry-run how many they are; --allow-side-effects writes them")
