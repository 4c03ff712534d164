"""50,000 steps of a partition's life, and more, against the model."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.streams.transport.model import PartitionLife

TestPartitionLife = pytest.mark.soak(PartitionLife.TestCase)
TestPartitionLife.settings = settings(max_examples=1_000, stateful_step_count=100)
