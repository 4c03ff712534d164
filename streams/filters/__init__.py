"""What an event must look like: pure conditions, each a question about one event, compiled from a route's ``match``."""

from __future__ import annotations

from streams.filters.compilation import Compilation
from streams.filters.compile import compile_match
from streams.filters.condition import Condition, Finding, Needs
from streams.filters.view import MISSING, View

__all__ = ["MISSING", "Compilation", "Condition", "Finding", "Needs", "View", "compile_match"]
