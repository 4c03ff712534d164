"""Memory of a long-running service: its garbage collector, and where what it keeps lies."""

from __future__ import annotations

import gc
import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config


def settle() -> None:
    """Leave what was imported alone and collect rarely: the services make many small objects and few cycles."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


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
