"""Every metric that our processes export, as Markdown."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import REGISTRY

from tests.docs.table import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

ROOT = Path(__file__).parents[2]
PACKAGES = ("clients", "ingest", "sinks", "streams", "ops")
SUFFIX = {"counter": "_total"}


def modules() -> Iterator[str]:
    """Every module of ours that makes metrics."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "from prometheus_client import" in path.read_text() and path.name == "metrics.py":
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def exported() -> list[tuple[Metric, tuple[str, ...]]]:
    """Every metric of ours with its labels, by name."""
    for module in modules():
        import_module(module)
    found = {
        metric.name: (metric, tuple(_labels(collector, metric)))
        for collector in tuple(REGISTRY._collector_to_names)
        for metric in collector.collect()
        if metric.name.startswith("reflexarc_")
    }
    return [found[name] for name in sorted(found)]


def render() -> str:
    """A table of all."""
    rows = (
        (
            code(f"{metric.name}{SUFFIX.get(metric.type, '')}"),
            metric.type,
            ", ".join(map(code, labels)) or "-",
            metric.documentation,
        )
        for metric, labels in exported()
    )
    return table(("metric", "type", "labels", "meaning"), rows)


def _labels(collector: Any, metric: Metric) -> tuple[str, ...]:
    return tuple(getattr(metric, "_labelnames", ()) or getattr(collector, "_labelnames", ()))
