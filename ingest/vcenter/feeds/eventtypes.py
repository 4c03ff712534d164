"""The event types that a vCenter is asked for: names of the configuration → ids that its filter takes.

A vCenter compares ``eventTypeId`` with an event's own class and knows nothing of base classes, so these are expanded
here: ``VmPoweredOnEvent`` is also ``DrsVmPoweredOnEvent``, as a cluster with DRS calls it.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import VmomiSupport

from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schemas.config import VcenterConfig

_ALL: Final = "Event"
_ROOT: Final = "vim.event.Event"
_NAMED_BY_ID: Final = frozenset({"EventEx", "ExtendedEvent"})
"""An event of these classes goes by its EventTypeId."""


def expand(names: Sequence[str]) -> tuple[str, ...]:
    """Ids for ``EventFilterSpec.eventTypeId``, sorted; empty for every event.

    Args:
        names: class names, base classes included, and EventTypeIds; ``problems`` has none with them.
    """
    classes = _classes()
    ids = {each for name in names for each in (name, *classes.get(name, ()))}
    return tuple(sorted(ids - _NAMED_BY_ID))


def digest(names: Sequence[str]) -> str:
    """Tells one selection of events from another; empty for every event."""
    return sha256("\n".join(expand(names)).encode()).hexdigest()[:16] if names else ""


def check(vcenters: Mapping[str, VcenterConfig]) -> None:
    """Whether every name under ``event_types`` is one of an event type.

    Raises:
        ConfigError: with every name that is not.
    """
    found = [
        Problem(f"vcenters.{vcenter}.event_types[{index}]", what, cure)
        for vcenter, config in vcenters.items()
        for index, name in enumerate(config.event_types)
        for what, cure in _faults(name)
    ]
    if found:
        raise ConfigError("configuration", found)


def _faults(name: str) -> list[tuple[str, str]]:
    if name == _ALL:
        return [("is every event", "remove event_types")]
    if name in _NAMED_BY_ID:
        return [(f"cannot select {name}: a vCenter selects these by their EventTypeId", "name the EventTypeIds")]
    if name in _classes() or "." in name:
        return []
    near = get_close_matches(name, _classes(), n=1, cutoff=0.7)
    cure = f"did you mean {near[0]}?" if near else "name a class such as VmEvent, or an EventTypeId with its dots"
    return [(f"has no event type {name!r}", cure)]


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    """Every class of events, with the classes derived from it."""
    # Definitions are (vmodl name, wire name, parent's vmodl name, ...); reading them loads no class.
    definitions = VmomiSupport._dataDefMap  # noqa: SLF001 - no public list has parents without loading all
    derived: dict[str, list[str]] = {}
    for name, wire, *_ in definitions.values():
        line = list(_ancestry(name, definitions))
        if _ROOT in line:
            derived.setdefault(wire, [])
            for above in line[: line.index(_ROOT) + 1]:
                derived.setdefault(definitions[above][1], []).append(wire)
    return {name: tuple(below) for name, below in derived.items()}


def _ancestry(name: str, definitions: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    while (parent := definitions[name][2]) in definitions:
        yield parent
        name = parent
