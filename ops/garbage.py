"""The garbage collector of a long-running service."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave what was imported alone and collect rarely: the services make many small objects and few cycles."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
