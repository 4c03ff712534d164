"""How often: a token bucket per key, for a bounded number of keys."""

from __future__ import annotations

import math
from collections import OrderedDict
from ipaddress import IPv6Address
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ingest.webhook.doors.visitor import Address

KEYS: Final = 10_000
"""Keys that are remembered; the one that was silent for longest is forgotten first, and begins anew."""

_HOST_BITS: Final = 64


class _Bucket(NamedTuple):
    tokens: float
    at: float


class Limiter:
    """Admits a rate, and what comes of a second (at least one request) at once.

    Args:
        rate: times per second.
        now: seconds on a clock that never goes back.
    """

    def __init__(self, rate: float, *, now: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = max(1.0, rate)
        self._now = now
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """Count one of ``key``.

        Raises:
            Problem: 429, with the seconds after which one more is admitted.
        """
        now = self._now()
        tokens, at = self._buckets.pop(key, _Bucket(self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        admitted = tokens >= 1
        self._buckets[key] = _Bucket(tokens - 1 if admitted else tokens, now)
        if len(self._buckets) > KEYS:
            self._buckets.popitem(last=False)
        if not admitted:
            seconds = max(1, math.ceil((1 - tokens) / self._rate))
            raise Problem(429, "This sender sends too often; wait.", headers={"Retry-After": str(seconds)})


def household(address: Address | None) -> Hashable:
    """What counts as one sender: an IPv4 address, or all IPv6 addresses of one network of 64 bits."""
    if isinstance(address, IPv6Address):
        return int(address) >> _HOST_BITS
    return address
