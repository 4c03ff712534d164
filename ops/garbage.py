"""Memory of a long-running service: its garbage collector, and where what it keeps lies."""

from __future__ import annotations

import ctypes
import gc
import pickle
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config


_MMAP_THRESHOLD: Final = -3
"""M_MMAP_THRESHOLD of mallopt(3)."""

_LARGE: Final = 128 << 10
"""Bytes; glibc's own beginning."""


def settle() -> None:
    """Leave what was imported alone and collect rarely: the services make many small objects and few cycles.

    Blocks of 128 KiB and more stay apart from small ones: glibc mixes them once it has seen a large one go, and what
    Kafka sends in answers of megabytes then leaves holes, up to 30 MiB beside a stopped sink. Without glibc nothing
    happens.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def packed(load: Callable[[], Config]) -> Config:
    """The configuration that ``load`` returns, its routes moved together.

    Reading thousands of routes leaves them strewn among holes, into which every later object goes, for as long as
    the process lives: 10,000 routes cost a tenth to a quarter more CPU per event. Cost: about 50 µs per route.
    """
    config = load()
    routes = pickle.dumps(config.routes)
    config = config.model_copy(update={"routes": ()})
    gc.collect()
    return config.model_copy(update={"routes": pickle.loads(routes)})  # noqa: S301 - written three lines above
