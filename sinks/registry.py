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
    "eventbridge": "sinks.eventbridge:EventBridgeSink",
    "file": "sinks.file:FileSink",
    "http": "sinks.http:HttpSink",
    "kafka": "sinks.kafka:KafkaSink",
    "knative": "sinks.knative:KnativeSink",
    "openfaas": "sinks.openfaas:OpenFaasSink",
    "rabbitmq": "sinks.rabbitmq:RabbitMqSink",
    "remediation": "sinks.remediation.sink:RemediationSink",
    "slack": "sinks.slack:SlackSink",
    "smtp": "sinks.smtp:SmtpSink",
    "stdout": "sinks.stdout:StdoutSink",
    "vro": "sinks.vro:VroSink",
    "vrops": "sinks.vrops:VropsSink",
    "vsphere": "sinks.vsphere.sink:VsphereSink",
}


def model(kind: str) -> type[SinkConfig]:
    """The configuration model of one of ``SINKS``."""
    config: type[SinkConfig] = _connector(kind).Config
    return config


def build(config: SinkConfig, context: SinkContext) -> Sink:
    """The connector for ``config``, not opened yet."""
    sink: Sink = _connector(config.type)(config, context)
    return sink


def side_effects(kind: str) -> bool:
    """Whether one of ``SINKS`` makes something happen, so that an event must not reach it again unasked.

    True unless the class says ``side_effects = False``: its destination only keeps what it gets. Nothing is opened.
    """
    return bool(getattr(_connector(kind), "side_effects", True))


def _connector(kind: str) -> Any:
    module, _, name = SINKS[kind].partition(":")
    return getattr(import_module(module), name)
