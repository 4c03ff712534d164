"""EventBridge event patterns, matched here as EventBridge would match what the VMware event router put there."""

from __future__ import annotations

from streams.filters.pattern.compile import compile_pattern
from streams.filters.pattern.condition import NotFetched, PatternIs

__all__ = ["NotFetched", "PatternIs", "compile_pattern"]
