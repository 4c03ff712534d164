"""Who runs: a module that does a task in a process of its own, reading or publishing again."""

from __future__ import annotations

from enum import Enum


class Contestant(Enum):
    """Value: name in the tables, module, whether it publishes what it reads."""

    BARE_READ = "bare library, consume", "bench.transport.bare", False
    OURS_READ = "reflexarc, consume", "bench.transport.ours", False
    STOCK_READ = "stock Faust, consume", "bench.transport.stock", False
    BARE_FORWARD = "bare library, forward", "bench.transport.bare", True
    UNTUNED_FORWARD = "bare library as it comes, forward", "bench.transport.bare_untuned", True
    OURS_FORWARD = "reflexarc, forward", "bench.transport.ours", True
    STOCK_FORWARD = "stock Faust, topic.send", "bench.transport.stock", True
    STOCK_LIBRDKAFKA = "stock Faust, librdkafka's producer", "bench.transport.stock_librdkafka", True

    @property
    def title(self) -> str:
        """The name in the tables."""
        return self.value[0]

    @property
    def module(self) -> str:
        """What ``python -m`` runs."""
        return self.value[1]

    @property
    def forwards(self) -> bool:
        """Whether it publishes what it reads."""
        return self.value[2]


LATE = (Contestant.STOCK_READ, Contestant.OURS_READ, Contestant.OURS_FORWARD)
"""Those whose lateness is measured: at most two thirds of a core for 1,000 records a second."""
