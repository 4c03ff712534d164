"""How an event is reshaped between a route and its sinks: pure steps, compiled from a route's ``transform``."""

from __future__ import annotations

from streams.transforms.compile import compile_transform
from streams.transforms.transform import Transform

__all__ = ["Transform", "compile_transform"]
