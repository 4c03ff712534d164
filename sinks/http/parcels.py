"""Documents packed into requests of bounded size, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def parcels(documents: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Neighbours that together, with brackets and commas, have at most ``size`` bytes; a larger one goes alone."""
    parcel: list[bytes] = []
    length = 1
    for document in documents:
        if parcel and length + len(document) + 1 > size:
            yield parcel
            parcel, length = [], 1
        parcel.append(document)
        length += len(document) + 1
    if parcel:
        yield parcel
