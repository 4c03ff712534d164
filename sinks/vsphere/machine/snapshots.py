"""The snapshots of a machine, and how much space each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.vsphere.target import moref, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOTS: Final = "snapshot.rootSnapshotList"
CURRENT: Final = "snapshot.currentSnapshot"
LAYOUT: Final = "layoutEx"


def trees(roots: Iterable[Any]) -> Iterator[Any]:
    """All snapshots; without recursion, for a chain may be long."""
    left = list(roots)
    while left:
        tree = left.pop()
        yield tree
        left += tree.childSnapshotList or ()


def spellings(tree: Any) -> set[str]:
    """A snapshot's name as it is stored, and as people write it."""
    return {str(tree.name), shown_name(str(tree.name))}


def size(tree: Any, layout: Any, current: Any) -> int | None:
    """Bytes that a snapshot takes: its own files, and what was written since it was taken until the next one.

    Args:
        tree: the snapshot.
        layout: the machine's ``layoutEx``.
        current: the snapshot that the machine runs on.

    Returns:
        None when the layout does not know the snapshot.
    """
    known = {moref(each.key): each for each in layout.snapshot or ()}
    own = known.get(moref(tree.snapshot))
    if own is None:
        return None
    before = _files(own.disk)
    after = [_files(known[moref(child.snapshot)].disk) for child in tree.childSnapshotList or () if _has(known, child)]
    if current is not None and moref(current) == moref(tree.snapshot):
        after.append(_files(layout.disk))
    written = set().union(*after) - before
    files = {each.key: int(each.size) for each in layout.file or ()}
    memory = own.memoryKey if own.memoryKey is not None and own.memoryKey >= 0 else None
    return sum(files.get(key, 0) for key in {*written, own.dataKey, memory} if key is not None)


def _has(known: dict[str, Any], child: Any) -> bool:
    return moref(child.snapshot) in known


def _files(disks: Iterable[Any] | None) -> set[int]:
    return {int(key) for disk in disks or () for unit in disk.chain or () for key in unit.fileKey or ()}
