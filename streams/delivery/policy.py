"""How long to wait before the next attempt, in Knative's vocabulary."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import SinkConfig

JITTER: Final = 0.5
"""Part of a pause that chance may take off, so that what failed together does not come again together."""


def delay(
    config: SinkConfig, attempt: int, after: float | None = None, *, draw: Callable[[], float] = random.random
) -> float:
    """Seconds before the attempt that follows failed attempt number ``attempt`` (from 1).

    Linear is ``backoff_delay * n``, exponential ``backoff_delay * 2^(n-1)``, neither above ``backoff_max``, and less
    ``JITTER`` of it at most. A longer pause that the sink asked for (``after``) is kept, up to ``retry_after_max``.
    """
    # 2^63 is beyond every sane maximum; the bound keeps the float finite in an outage of days.
    factor = attempt if config.backoff_policy == "linear" else 2.0 ** min(attempt - 1, 63)
    pause = min(config.backoff_delay * factor, config.backoff_max)
    return max(pause * (1 - JITTER * draw()), min(after or 0.0, config.retry_after_max))
