"""The bare library with its own defaults for fetching, published again."""

from __future__ import annotations

from bench import bare
from bench.transport.task import Task


def main(task: Task) -> None:
    """Work for ever."""
    bare.forward(task.kafka, task.source, task.target or "", tuned=False)


if __name__ == "__main__":
    main(Task.of_argv())
