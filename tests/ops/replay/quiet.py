"""Connectors for tests: one that only keeps what it gets, one that says nothing of it."""

from __future__ import annotations

from typing import ClassVar


class Quiet:
    side_effects: ClassVar[bool] = False


class Loud:
    pass
