"""Tags that an object carries at this moment."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.vsphere.faults import VcenterAway
from clients.vsphere.tagging import Tagging
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

NAMED: Final = 60.0
"""Seconds for which the name of a tag is not asked for again."""

PORTION: Final = 500
"""Objects whose tags are asked for in one call."""

log = logging.getLogger(__name__)


class Tags:
    """Reads tags over the REST interface of each vCenter; everything blocks, safe for several threads.

    Args:
        vcenters: where, with the account that asks.
    """

    def __init__(self, vcenters: Iterable[VcenterConfig]) -> None:
        self._tagging = {vcenter.name: Tagging(vcenter) for vcenter in vcenters}
        self._turns = {name: threading.Lock() for name in self._tagging}
        self._names: dict[tuple[str, str], tuple[float, str]] = {}

    def of(self, target: Target) -> tuple[str, ...] | None:
        """``category/tag`` by name, sorted; None where they cannot be read."""
        return self.of_each([target])[0]

    def of_each(self, targets: Sequence[Target]) -> list[tuple[str, ...] | None]:
        """The same of several objects of one kind in one vCenter, in their order; costs ``PORTION`` of them a call."""
        found: list[tuple[str, ...] | None] = []
        for begin in range(0, len(targets), PORTION):
            found += self._of_some(targets[begin : begin + PORTION])
        return found

    def _of_some(self, targets: Sequence[Target]) -> Sequence[tuple[str, ...] | None]:
        vcenter = targets[0].session.name
        with self._turns[vcenter]:
            try:
                try:
                    return self._read(vcenter, targets)
                except VcenterAway:  # sessions end when idle, and connections with them
                    self._tagging[vcenter].rest()
                    return self._read(vcenter, targets)
            except ReflexarcError as error:
                more = f" and {len(targets) - 1} more" if len(targets) > 1 else ""
                log.warning("tags of %s%s cannot be read: %s", targets[0], more, error)
                return [None] * len(targets)

    def close(self) -> None:
        """Log out everywhere. May be called again."""
        for tagging in self._tagging.values():
            tagging.close()

    def _read(self, vcenter: str, targets: Sequence[Target]) -> list[tuple[str, ...]]:
        tagging = self._tagging[vcenter]
        tagging.open()
        kind = str(targets[0].reference._wsdlName)  # noqa: SLF001 - pyvmomi's place for it
        morefs = [target.moref for target in targets]
        if len(morefs) == 1:
            found = {morefs[0]: tagging.carried(kind, morefs[0])}
        else:
            found = tagging.carried_by_each(kind, morefs)
        named = ((self._name(vcenter, tag) for tag in found.get(moref, ())) for moref in morefs)
        return [tuple(sorted(name for name in names if name)) for names in named]

    def _name(self, vcenter: str, tag: str) -> str:
        now = monotonic()
        known = self._names.get((vcenter, tag))
        if known is not None and now - known[0] < NAMED:
            return known[1]
        tagging = self._tagging[vcenter]
        found = tagging.tag(tag)
        name = "" if found is None else f"{tagging.category(found.category) or ''}/{found.name}"
        self._names[vcenter, tag] = (now, name)
        return name
