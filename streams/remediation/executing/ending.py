"""How an action ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from schemas.remediation.decision import State


class Ending(NamedTuple):
    """The one end of an order.

    Attributes:
        state: which.
        reason: in words.
        changes: what was changed, or would be; in words.
        task: id of the vSphere task, where there was one.
    """

    state: State
    reason: str = ""
    changes: tuple[str, ...] = ()
    task: str = ""
