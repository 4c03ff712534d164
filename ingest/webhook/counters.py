"""What a process has counted, of what ``/stats`` tells: from its probe's text, or from this process itself."""

from __future__ import annotations

import math
from time import time
from typing import TYPE_CHECKING, Final, NamedTuple

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import Metric

LABELS: Final[Mapping[str, str]] = {
    "reflexarc_webhook_events_total": "endpoint",
    "reflexarc_webhook_failures_total": "endpoint",
    "reflexarc_ingest_events_total": "vcenter",
    "reflexarc_ingest_dead_letters_total": "vcenter",
    "reflexarc_delivered_total": "sink",
    "reflexarc_dead_letters_total": "sink",
}
"""The counters that are read, each with its only label."""

_PROCESS: Final = "reflexarc_webhook_process"
_STARTED: Final = "process_start_time_seconds"
_READ: Final = (*LABELS, _PROCESS, _STARTED)
_IMPORTED: Final = time()


class Counters(NamedTuple):
    """Of one process, since it started.

    Attributes:
        started: Unix time.
        counts: by metric, then by label.
        process: its number, when it is a webhook's.
    """

    started: float
    counts: Mapping[str, Mapping[str, float]]
    process: float | None = None

    def of(self, metric: str) -> Mapping[str, float]:
        """By label; empty when the process does not count that."""
        return self.counts.get(metric, {})


def parse(text: str) -> Counters:
    """What a probe says at ``/metrics``; the rest of the text is not even read.

    Raises:
        ValueError: it is not what a process of ours says.
    """
    wanted = "".join(f"{line}\n" for line in text.split("\n") if line.startswith(_READ))
    return _read(text_string_to_metric_families(wanted))


def own() -> Counters:
    """What this process has counted."""
    return _read(REGISTRY.collect(), started=_IMPORTED)


def distinct(found: Iterable[Counters]) -> Iterator[Counters]:
    """Each process once: a webhook that was reached in two ways is known by its number."""
    seen: set[float] = set()
    for each in found:
        if each.process is None or each.process not in seen:
            yield each
        if each.process is not None:
            seen.add(each.process)


def _read(families: Iterable[Metric], *, started: float | None = None) -> Counters:
    process: float | None = None
    counts: dict[str, dict[str, float]] = {}
    for sample in (sample for family in families for sample in family.samples if sample.name in _READ):
        if not (math.isfinite(sample.value) and sample.value >= 0):
            raise ValueError(f"{sample.name} is {sample.value}")
        if sample.name == _STARTED:
            started = sample.value
        elif sample.name == _PROCESS:
            process = sample.value
        else:
            counts.setdefault(sample.name, {})[sample.labels.get(LABELS[sample.name], "")] = sample.value
    if started is None:
        raise ValueError(f"{_STARTED} is missing")
    return Counters(started, counts, process)
