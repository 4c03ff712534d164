"""Grafana Alerting's webhook contact point: Alertmanager's shape, with more of Grafana's own in alerts and group."""

from __future__ import annotations

from typing import Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.adapters import alertmanager

_NAME: Final = "grafana"

ADAPTER: Final = Adapter(
    accepts=("a notification of Grafana Alerting (webhook contact point): Content-Type: application/json",),
    methods=("POST", "PUT"),
    adapt=lambda request: alertmanager.events(request, _NAME),
)
