"""The books of a member, step by step against the model; the long form is in tests/soak."""

from __future__ import annotations

from hypothesis import settings

from tests.streams.transport.model import PartitionLife

TestPartitionLife = PartitionLife.TestCase
TestPartitionLife.settings = settings(max_examples=150, stateful_step_count=60)
