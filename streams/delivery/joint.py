"""Answers that several events of a batch have in common; without I/O.

A connector that answers for several events with one and the same error does not say which of them is at fault. Unless
the answer is about the sink, each is tried by itself before anything is held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from schemas.errors import Reject, Retry
from streams.delivery.circuit import OF_THE_SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.errors import DeliveryError

T = TypeVar("T")

_OF_NO_EVENT: Final = OF_THE_SERVER - {"403"}  # a firewall's word about what one event holds


def by_answer(outcomes: Mapping[T, DeliveryError | None]) -> Sequence[tuple[DeliveryError | None, Sequence[T]]]:
    """Who has the same outcome, the very object, in the order of the first of them; O(n)."""
    groups: dict[int, tuple[DeliveryError | None, list[T]]] = {}
    for each, outcome in outcomes.items():
        groups.setdefault(id(outcome), (outcome, []))[1].append(each)
    return tuple(groups.values())


def leaves_open(answer: DeliveryError | None) -> bool:
    """Whether one event of several may be what the answer to all of them is about.

    Not, when it says that the sink is away or overloaded, names a pause, or does not know us.
    """
    if isinstance(answer, Retry):
        return answer.after is None and answer.status not in _OF_NO_EVENT
    return isinstance(answer, Reject)
