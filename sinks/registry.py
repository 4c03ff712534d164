"""Every connector there is: the one table from ``type`` in the configuration to a class."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from schemas.config import SinkConfig
    from sinks.base import Sink, SinkContext

# A connector and the libraries it needs are imported only when the configuration names it.
SINKS: Final = {
    "analytics": "sinks.analytics:AnalyticsSink",
    "http": "sinks.http:HttpSink",
    "knative": "sinks.knative:KnativeSink",
    "openfaas": "sinks.openfaas:OpenFaasSink",
    "rabbitmq": "sinks.rabbitmq:RabbitMqSink",
    "vsphere": "sinks.vsphere:VsphereSink",
}


def model(kind: str) -> type[SinkConfig]:
    """The configuration model of one of ``SINKS``."""
    config: type[SinkConfig] = _connector(kind).Config
    return config


def build(config: SinkConfig, context: SinkContext) -> Sink:
    """The connector for ``config``, not opened yet."""
    sink: Sink = _connector(config.type)(config, context)
    return sink


def _connector(kind: str) -> Any:
    module, _, name = SINKS[kind].partition(":")
    return getattr(import_module(module), name)
