"""Actions that need not be told anything."""

from __future__ import annotations

from schemas.config import Model


class NoParameters(Model):
    """Nothing to say."""
