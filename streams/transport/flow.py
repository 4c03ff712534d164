"""How partitions that are full become less full: they breathe, and are paused when that does not help."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from confluent_kafka import TopicPartition

from streams.transport import metrics

if TYPE_CHECKING:
    from confluent_kafka import Consumer

    from streams.transport.holdings import Holdings

BREATH: Final = 0.002
LONGEST_BREATH: Final = 0.05


def take_breath(holdings: Holdings) -> None:
    """Let full partitions become less full for a moment: pausing them throws away what was fetched of them."""
    deadline = monotonic() + LONGEST_BREATH
    while holdings.full and monotonic() < deadline:
        sleep(BREATH)
        holdings.book()


def control(consumer: Consumer, holdings: Holdings) -> None:
    """Pause what stays full, resume what has become empty enough."""
    for tp, held in holdings.items():
        if held.wants_pause():
            metrics.PAUSES.inc()
            consumer.pause([TopicPartition(*tp)])
        elif held.wants_resume():
            consumer.resume([TopicPartition(*tp)])
