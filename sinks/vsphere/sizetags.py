"""Tags that say how large a machine should be once it is powered off: category is the property, tag the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.errors import Reject
from sinks.vsphere import tags
from sinks.vsphere.machine.resizing import FIELDS
from sinks.vsphere.tags import Tie

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.tagging import Tagging
    from clients.vsphere.target import Target

LARGEST: Final = 10**9
"""A larger number is no size."""


class Wish(NamedTuple):
    """A size that a machine should get.

    Attributes:
        before: what it has.
        after: what it should have, more than that.
        most: what it may have.
    """

    before: int
    after: int
    most: int


def ties(target: Target, wishes: Mapping[str, Wish]) -> list[Tie]:
    """What has to be changed of a machine's tags so that they say its wishes, by field of a ``ConfigSpec``.

    Raises:
        Reject: there is no category, or no tag in it for such a size.
        Refused, Unreachable, VsphereFault: the tags cannot be read.
    """
    found = []
    with tags.tagging(target.session) as service:
        carried = tags.carried(service, target)
        for field, wish in wishes.items():
            category = tags.category(service, target.session.name, FIELDS[field][0])
            size = _nearest(wish, [size for name in category.tags if (size := number(name)) is not None])
            if size is None:
                raise Reject(
                    f"category {category.name} of vCenter {target.session.name} has no tag between {wish.before + 1} "
                    f"and {wish.most}: make {wish.after} there"
                )
            wanted, names = category.tags[str(size)], category.names()
            if wanted not in carried:
                others = sorted(carried & names.keys())
                found += [Tie("detach", other, names[other]) for other in others]
                found.append(Tie("attach", wanted, str(size)))
    return found


def said(service: Tagging, target: Target) -> dict[str, int]:
    """The sizes that a machine's tags say, by field of a ``ConfigSpec``; costs a call for every tag and its category.

    Raises:
        Reject: two tags of one category say different ones.
        Refused, Unreachable, VsphereFault: the tags cannot be read.
    """
    fields = {path: field for field, (path, _) in FIELDS.items()}
    sizes: dict[str, int] = {}
    for each in sorted(tags.carried(service, target)):
        tag = service.tag(each)
        size = number(tag.name) if tag is not None else None
        category = service.category(tag.category) if tag is not None and size is not None else None
        if size is None or category not in fields:
            continue
        if sizes.setdefault(fields[category], size) != size:
            raise Reject(f"{target} carries several tags of {category}: leave one")
    return sizes


def number(name: str) -> int | None:
    """The size that a tag's name says; None when it says none, or not as a plain number."""
    if not name.isascii() or not name.isdecimal() or len(name) > len(str(LARGEST)):
        return None
    size = int(name)
    return size if 0 < size <= LARGEST and str(size) == name else None


def _nearest(wish: Wish, sizes: list[int]) -> int | None:
    """The smallest size that is enough, else the largest that is more than before."""
    enough = [size for size in sizes if wish.after <= size <= wish.most]
    return min(enough) if enough else max((size for size in sizes if wish.before < size < wish.after), default=None)
