"""The contract between an experiment and what a connector delivers to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ops.demo.scene import Scene
    from tests.faults.tally import Delivery


@dataclass(frozen=True, slots=True)
class Place:
    """Where a counterpart is set up.

    Attributes:
        scene: ends its processes, and has the stack.
        folder: of its own, for files; it exists.
        prefix: of its own, for names at brokers.
        cache: what a stack is made of, so that another one need not be downloaded.
    """

    scene: Scene
    folder: Path
    prefix: str
    cache: Path


class Counterpart(Protocol):
    """A destination that hangs, falls and comes back.

    Attributes:
        settings: keys of the sink that delivers to it.
        environ: what the delivering process finds in its environment.
        refuses: whether it never takes what ``moods.is_poison`` names; those events are of the type ``poison``.
        batch: how many events the sink hands over in one go, which counts once against its ``in_flight``.
    """

    settings: Mapping[str, Any]
    environ: Mapping[str, str]
    refuses: bool
    batch: int

    def start(self) -> None:
        """Serve: for the first time, on after it hung, or again at the same address after it fell."""

    def hang(self) -> None:
        """Stand still, with what it has in hand."""

    def fall(self) -> None:
        """Be gone, whatever it has in hand."""

    def taken(self) -> Sequence[Delivery]:
        """What it has taken, by its own file, in the order of arrival."""

    def close(self) -> None:
        """Leave nothing behind but files."""
