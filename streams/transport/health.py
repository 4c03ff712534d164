"""What is wrong with this process although it runs, for ``/ready`` and whoever asks."""

from __future__ import annotations


class Health:
    """Open problems, each under a key of its own; from any thread."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}

    def report(self, key: str, problem: str) -> None:
        """Note a problem, in one sentence."""
        self._problems[key] = problem

    def clear(self, key: str) -> None:
        """Note that it is over."""
        self._problems.pop(key, None)

    def problems(self) -> list[str]:
        """Every open problem, oldest first; empty when all is well."""
        return list(self._problems.values())
