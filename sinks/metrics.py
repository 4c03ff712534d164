"""Every metric that connectors export themselves, in one place."""

from __future__ import annotations

from prometheus_client import Counter

UNCLAIMED = Counter(
    "reflexarc_openfaas_unclaimed_total", "Events accepted although no function asks for their subject.", ["sink"]
)
