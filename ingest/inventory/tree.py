"""One vCenter's objects and what follows from them: paths, clusters, names of attributes. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from clients.vsphere.target import shown_name
from schemas.inventory import DEEPEST, EntityRecord, InvalidInventory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from ingest.inventory.change import Change

    Pairs = tuple[tuple[str, str], ...]

CLUSTER: Final = "ClusterComputeResource"

_LINKS: Final = ("parent", "parentVApp", "runtime.host", "resourcePool")
"""Where an object names another one that says something about it, too."""


class Tree:
    """Objects by moref, kept current by changes.

    What follows from a change reaches whatever hangs on the object: a folder that is renamed touches all that it holds.
    Costs are those of what is touched.

    Args:
        root: moref of the root folder, which stands in no path.

    Attributes:
        partial: whether more is on its way: what is missing may be in that, so nothing must be concluded from it.
    """

    def __init__(self, root: str) -> None:
        self.partial = False
        self._root = root
        self._kinds: dict[str, str] = {}
        self._values: dict[str, dict[str, Any]] = {}
        self._hanging: defaultdict[str, set[str]] = defaultdict(set)
        self._fields: Mapping[int, str] = {}
        self._tags: Mapping[str, Pairs] = {}
        self._touched: set[str] = set()

    def __len__(self) -> int:
        return len(self._values)

    def morefs(self) -> Collection[str]:
        """All objects."""
        return self._values.keys()

    def apply(self, changes: Iterable[Change], *, complete: bool = True) -> None:
        """Take what the vCenter reports; not ``complete`` says that more follows before it is a state it was in."""
        self.partial = not complete
        for moref, kind, values in changes:
            self._touched.add(moref)
            known = self._values.get(moref, {})
            self._unhang(moref, known)
            if values is None:
                self._values.pop(moref, None)
                self._kinds.pop(moref, None)
                continue
            self._kinds[moref] = kind
            self._values[moref] = known = {**known, **values}
            for link in _links(known):
                self._hanging[link].add(moref)

    def name_fields(self, fields: Mapping[int, str]) -> None:
        """Names of the custom attributes, by key."""
        before, self._fields = self._fields, dict(fields)
        changed = {key for key in before.keys() | fields.keys() if before.get(key) != fields.get(key)}
        if changed:
            self._touched |= {moref for moref, used in self._used_fields() if used & changed}

    def unnamed_fields(self) -> bool:
        """Whether an object that is touched has an attribute of which the name is not known."""
        touched = (self._values.get(moref, {}).get("customValue") or () for moref in self._touched)
        return any(key not in self._fields for used in touched for key, _ in used)

    def tag(self, tags: Mapping[str, Pairs]) -> None:
        """Category and tag of each object that has any, by moref, sorted."""
        before, self._tags = self._tags, tags
        self._touched |= {moref for moref in before.keys() | tags.keys() if before.get(moref) != tags.get(moref)}

    def touched(self) -> set[str]:
        """Objects about which something may be different since this was last asked, also those that are gone."""
        found, ahead = set[str](), self._touched
        while ahead:
            found |= ahead
            ahead = {other for moref in ahead for other in self._hanging.get(moref, ())} - found
        self._touched = set()
        return {moref for moref in found if moref != self._root}

    def record(self, moref: str, read: datetime) -> EntityRecord | None:
        """What is known of an object; None when it is not there.

        Raises:
            InvalidInventory: it does not fit into a record.
        """
        values = self._values.get(moref)
        if values is None:
            return None
        try:
            return EntityRecord(
                kind=self._kinds[moref],
                name=shown_name(values.get("name") or ""),
                folder=self._folder(moref),
                cluster=self._cluster(moref),
                resource_pool=self._pool(moref),
                tags=self._tags.get(moref, ()),
                attributes=self._attributes(values),
                host_name=values.get("guest.hostName") or None,
                read=read,
            )
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise InvalidInventory(f"{first['loc'][0]}: {first['msg']}") from None

    def _unhang(self, moref: str, values: dict[str, Any]) -> None:
        for link in _links(values):
            hanging = self._hanging[link]
            hanging.discard(moref)
            if not hanging:
                del self._hanging[link]

    def _around(self, moref: str) -> Iterator[str]:
        """What holds an object, from inside out, without the root; ends with the first that is not known."""
        for _ in range(DEEPEST):
            values = self._values.get(moref, {})
            holder = values.get("parent") or values.get("parentVApp")
            if holder is None or holder == self._root:
                return
            yield holder
            moref = holder

    def _folder(self, moref: str) -> str | None:
        names = []
        for holder in self._around(moref):
            if holder not in self._values:
                return None
            names.append(self._values[holder].get("name") or "")
        return "".join(f"/{name}" for name in reversed(names))

    def _cluster(self, moref: str) -> str | None:
        values = self._values[moref]
        for start in filter(None, (moref, values.get("runtime.host"), values.get("resourcePool"))):
            for holder in (start, *self._around(start)):
                if self._kinds.get(holder) == CLUSTER:
                    return shown_name(self._values[holder].get("name") or "")
        return None

    def _pool(self, moref: str) -> str | None:
        pool = self._values[moref].get("resourcePool")
        if pool is None and self._kinds[moref] in {"ResourcePool", "VirtualApp"}:
            pool = moref
        found = self._values.get(pool or "")
        return None if found is None else shown_name(found.get("name") or "")

    def _attributes(self, values: dict[str, Any]) -> Pairs:
        given = ((self._fields.get(key), text) for key, text in values.get("customValue") or ())
        return tuple(sorted((name, text) for name, text in given if name is not None and text))

    def _used_fields(self) -> Iterator[tuple[str, set[int]]]:
        for moref, values in self._values.items():
            if used := values.get("customValue"):
                yield moref, {key for key, _ in used}


def _links(values: dict[str, Any]) -> list[str]:
    return [link for link in map(values.get, _LINKS) if link]
