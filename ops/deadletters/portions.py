"""Letters in portions that fit into memory and into a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ops.deadletters.letter import Letter

MOST: Final = 500
"""Letters in a portion: what a kill in between may repeat."""

BYTES: Final = 4 * 2**20


def portions(letters: Iterable[Letter], *, rate: float | None = None) -> Iterator[list[Letter]]:
    """``letters`` in their order, up to 500 and 4 MiB (and a letter) at once; with a rate a quarter second's."""
    most = MOST if rate is None else max(1, min(MOST, int(rate / 4)))
    portion: list[Letter] = []
    size = 0
    for letter in letters:
        portion.append(letter)
        size += letter.size
        if len(portion) >= most or size >= BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
