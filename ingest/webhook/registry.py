"""Every adapter there is: the one table from ``type`` in the configuration to a module."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ingest.webhook.adapter import Adapter
    from schemas.config.webhook import EndpointConfig

# An adapter and the libraries it needs are imported only when the configuration names it. A module ends in ADAPTER,
# or in a function ``adapter`` from its settings to one.
ADAPTERS: Final = {
    "alertmanager": "ingest.webhook.adapters.alertmanager",
    "aria-logs": "ingest.webhook.adapters.aria_logs",
    "aria-operations": "ingest.webhook.adapters.aria_operations",
    "cloudevents": "ingest.webhook.adapters.cloudevents",
    "event-router": "ingest.webhook.adapters.event_router",
    "generic": "ingest.webhook.adapters.generic",
    "github": "ingest.webhook.adapters.github",
    "grafana": "ingest.webhook.adapters.grafana",
    "harbor": "ingest.webhook.adapters.harbor",
    "log-alert": "ingest.webhook.adapters.log_alert",
    "slack": "ingest.webhook.adapters.slack",
    "vrni": "ingest.webhook.adapters.vrni",
}


def build(config: EndpointConfig) -> Adapter:
    """The adapter of an endpoint, made with its settings where it has some."""
    module: Any = import_module(ADAPTERS[config.type])
    adapter: Adapter = module.adapter(config.settings) if hasattr(module, "adapter") else module.ADAPTER
    return adapter
