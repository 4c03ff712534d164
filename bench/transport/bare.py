"""The bare library, without group and commits: ``consume(1000)`` of everything, read or produced again."""

from __future__ import annotations

from pathlib import Path

from bench import bare
from bench.transport.seen import Seen
from bench.transport.task import Task

CHUNK = 1000


def main(task: Task) -> None:
    """Work for ever."""
    if task.target is not None:
        bare.forward(task.kafka, task.source, task.target)
    seen, consumer = Seen(Path(task.seen)), bare.reader(task.kafka, task.source)
    while True:
        messages = consumer.consume(CHUNK, 0.1)
        for message in messages:
            _ = message.value(), message.headers()
        seen.add(len(messages))


if __name__ == "__main__":
    main(Task.of_argv())
