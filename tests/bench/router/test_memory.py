from __future__ import annotations

import os

from bench.router.memory import Memory, watch


def test_memory_is_the_median_of_each_third() -> None:
    memory = Memory.of(9, 1.0, [1, 2, 9, 4, 4, 4, 7, 8, 30])
    assert ((2, 4, 8), 30, 4) == (memory.thirds, memory.most, memory.growth)


def test_memory_is_watched_from_the_first_event_to_the_target() -> None:
    counts = iter([0, 5, 6, 10])
    memory = watch(lambda: next(counts), os.getpid(), target=10)
    assert 10 == memory.events
    assert 0.1 < memory.seconds < 60
    assert min(memory.thirds) > 0
