"""How much of a long test is run: all of it, or the share that the environment variable SOAK_SHARE names."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def share() -> float:
    return float(os.environ.get("SOAK_SHARE", "1"))
