"""``type: knative``: a broker, channel or service of Knative Eventing: by address, by binding or by reference."""

from sinks.knative.config import KnativeConfig
from sinks.knative.sink import KnativeSink

__all__ = ["KnativeConfig", "KnativeSink"]
