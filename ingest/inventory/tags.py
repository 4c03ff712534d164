"""The tags of a vCenter's objects, read again and again: nothing reports their changes."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from clients.vsphere.faults import SessionLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from clients.vsphere.tagging import Tag, Tagging

BATCH: Final = 50
"""Tags whose objects are asked for at once."""

AGAIN: Final = 50
"""Names that are read again each time: a rename is not reported, and one call per name is dear."""

T = TypeVar("T")

Pairs = tuple[tuple[str, str], ...]


class Tags:
    """Category and tag of each object by name. For one thread.

    Names are remembered: a reading costs one call for each new tag and category, ``AGAIN`` for names that may have
    changed, and one for each ``BATCH`` tags.

    Args:
        tagging: the service; it is opened when needed.
    """

    def __init__(self, tagging: Tagging) -> None:
        self._tagging = tagging
        self._tags: dict[str, Tag] = {}
        self._categories: dict[str, str] = {}

    def read(self) -> Mapping[str, Pairs]:
        """All pairs of an object, sorted, by moref; objects without a tag are absent.

        Raises:
            ReflexarcError: as ``Tagging.open`` does.
        """
        self._tagging.rest()
        try:
            return self._read()
        except SessionLost:
            return self._read()

    def close(self) -> None:
        """Log out."""
        self._tagging.close()

    def _read(self) -> Mapping[str, Pairs]:
        self._tagging.open()
        _learn(self._tagging.categories(), self._categories, self._tagging.category)
        _learn(self._tagging.tags(), self._tags, self._tagging.tag)
        pairs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for batch in _batches(self._tags):
            for tag, morefs in self._tagging.attached(batch):
                named = self._tags.get(tag)
                if named is not None and (category := self._categories.get(named.category)) is not None:
                    for moref in morefs:
                        pairs[moref].add((category, named.name))
        return {moref: tuple(sorted(found)) for moref, found in pairs.items()}


def _learn(present: list[str], known: dict[str, T], ask: Callable[[str], T | None]) -> None:
    """Bring ``known`` up to date: forget what is gone, ask what is new, and the oldest answers once more."""
    for gone in known.keys() - set(present):
        del known[gone]
    new = [each for each in present if each not in known]
    for each in [*islice(list(known), AGAIN), *new]:
        known.pop(each, None)  # what is asked again goes to the end
        if (answer := ask(each)) is not None:
            known[each] = answer


def _batches(ids: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
