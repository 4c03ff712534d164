"""What is wrong with this process although it runs, for ``/ready`` and whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Health:
    """Open problems, each under a key of its own; from any thread."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}
        self._watched: list[Callable[[], list[str]]] = []

    def report(self, key: str, problem: str) -> None:
        """Note a problem, in one sentence."""
        self._problems[key] = problem

    def clear(self, key: str) -> None:
        """Note that it is over."""
        self._problems.pop(key, None)

    def watch(self, problems: Callable[[], list[str]]) -> None:
        """Ask this, too, each time; it may be called from any thread."""
        self._watched.append(problems)

    def problems(self) -> list[str]:
        """Every open problem, oldest first; empty when all is well."""
        return [*self._problems.values(), *(problem for ask in self._watched for problem in ask())]
