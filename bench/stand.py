"""The local stack that a bench measures on: one that runs already is used and left, another is ended."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.report import say
from ops.dev import stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from ops.dev.component import Status

STATE: Final = Path(".reflexarc/bench")


def add_state(parser: argparse.ArgumentParser) -> None:
    """Let it be said where the stack is."""
    parser.add_argument("--state", type=Path, default=STATE, help="folder of the local stack")


@contextmanager
def stand(state: Path, only: Sequence[str] | None = ("kafka",)) -> Iterator[Status]:
    """The stack while the body runs.

    Args:
        state: its folder.
        only: kinds of components that are needed; None: all.

    Raises:
        ReflexarcError: a component does not start.
    """
    ours = not any(part.state == "running" for part in stack.status(state).components)
    try:
        yield stack.up(state, only=only, report=say)
    finally:
        if ours:
            stack.down(state, say)
