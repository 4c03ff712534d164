"""How long to wait before the next attempt, in Knative's vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.config import SinkConfig


def delay(config: SinkConfig, attempt: int, after: float | None = None) -> float:
    """Seconds before the attempt that follows failed attempt number ``attempt`` (from 1).

    Linear is ``backoff_delay * n``, exponential ``backoff_delay * 2^(n-1)``, neither above ``backoff_max``; a pause
    that the sink asked for (``after``) is kept when it is longer, up to ``backoff_max`` as well.
    """
    # 2^63 is beyond every sane maximum; the bound keeps the float finite in an outage of days.
    factor = attempt if config.backoff_policy == "linear" else 2.0 ** min(attempt - 1, 63)
    return min(max(config.backoff_delay * factor, after or 0.0), config.backoff_max)
