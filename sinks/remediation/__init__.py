"""The connector that asks for actions: it finds what is meant, and leaves the decision to the decider."""

from sinks.remediation.config import RemediationSinkConfig
from sinks.remediation.sink import RemediationSink

__all__ = ["RemediationSink", "RemediationSinkConfig"]
