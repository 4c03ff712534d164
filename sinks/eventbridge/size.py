"""What an entry weighs at AWS, and which entries fit into one call.

The rule is the user guide's "Calculating PutEvents event entry size": 14 bytes for a time, and the UTF-8 bytes of
source, detail-type, detail and every resource. For a bus of api: v2 no rule is published; the strings of its system
metadata are counted as well, which is never too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TIME: Final = 14


def size(entry: Mapping[str, Any]) -> int:
    """Bytes of an entry of PutEvents."""
    texts = [entry["Source"], entry["DetailType"], entry.get("Detail", ""), *entry.get("Resources", ())]
    texts += entry.get("SystemMetadata", {}).values()
    return (TIME if "Time" in entry else 0) + sum(len(text.encode()) for text in texts)


def pack(sizes: Mapping[int, int], *, most: int, limit: int) -> Iterator[Sequence[int]]:
    """Numbers of entries call by call, in their order: at most ``most`` of at most ``limit`` bytes together.

    An entry that is larger by itself travels alone.
    """
    call: list[int] = []
    weight = 0
    for number, heavy in sizes.items():
        if call and (len(call) == most or weight + heavy > limit):
            yield call
            call, weight = [], 0
        call.append(number)
        weight += heavy
    if call:
        yield call
