"""``type: openfaas``: every function whose ``topic`` annotation names the subject is invoked with the event."""

from sinks.openfaas.config import OpenFaasConfig
from sinks.openfaas.sink import OpenFaasSink

__all__ = ["OpenFaasConfig", "OpenFaasSink"]
