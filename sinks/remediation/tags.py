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
    from collections.abc import Iterable

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

NAMED: Final = 60.0
"""Seconds for which the name of a tag is not asked for again."""

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
        vcenter = target.session.name
        kind = str(target.reference._wsdlName)  # noqa: SLF001 - pyvmomi's place for it
        with self._turns[vcenter]:
            try:
                try:
                    return self._read(vcenter, kind, target.moref)
                except VcenterAway:  # sessions end when idle, and connections with them
                    self._tagging[vcenter].rest()
                    return self._read(vcenter, kind, target.moref)
            except ReflexarcError as error:
                log.warning("tags of %s cannot be read: %s", target, error)
                return None

    def close(self) -> None:
        """Log out everywhere. May be called again."""
        for tagging in self._tagging.values():
            tagging.close()

    def _read(self, vcenter: str, kind: str, moref: str) -> tuple[str, ...]:
        tagging = self._tagging[vcenter]
        tagging.open()
        names = (self._name(vcenter, tag) for tag in tagging.carried(kind, moref))
        return tuple(sorted(name for name in names if name))

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
