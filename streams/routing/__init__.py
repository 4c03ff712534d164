"""Which sinks an event must reach: routes compiled from the configuration, found by an index, explained on request."""

from __future__ import annotations
