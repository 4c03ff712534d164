"""The connector that asks for actions: it finds what is meant, and leaves the decision to the decider."""

from sinks.remediation.config import RemediationSinkConfig

__all__ = ["RemediationSinkConfig"]
