"""Under which conditions something was measured: without them a number means nothing."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from time import strftime

from confluent_kafka import libversion

POM = Path(__file__).parents[1] / "ops/dev/kafka/pom.xml"
PACKAGES = ("reflexarc", "confluent-kafka", "faust-streaming", "pycurl", "pyvmomi")


def conditions() -> dict[str, str]:
    """Date, machine, its load right now, and versions; the broker's is that of the local stack."""
    kafka = re.search(r"<kafka.version>(.*?)<", POM.read_text())
    return {
        "date": strftime("%Y-%m-%d %H:%M %Z"),
        "machine": f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, {platform.system()}",
        "load": load(),
        "python": platform.python_version(),
        "kafka": f"{kafka[1] if kafka else 'unknown'}, one node, replication 1, 4 partitions",
        "librdkafka": libversion()[0],
        **{package: version(package) for package in PACKAGES},
    }


def load() -> str:
    """Load averages over 1, 5 and 15 minutes."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())
