from __future__ import annotations

from schemas.config.commands import size
from sinks.vsphere.parameters import scale


def test_the_limits_are_those_of_the_actions() -> None:
    limits = (scale.MOST_CPUS, scale.MOST_MEMORY, scale.MEMORY_STEP * scale.MEBIBYTE)
    assert limits == (size.MOST_CPUS, size.MOST_MEMORY, size.STEP)
