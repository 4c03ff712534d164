from __future__ import annotations

import subprocess
import sys

import pytest

from sinks.vsphere import actions
from sinks.vsphere.actions import ACTIONS


def test_the_configuration_is_read_without_pyvmomi() -> None:
    script = "import sys, sinks.vsphere.config; sys.exit('pyVmomi' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


@pytest.mark.parametrize("name", ACTIONS)
def test_every_parameter_is_described(name: str) -> None:
    assert [] == [key for key, field in actions.parameters(name).keys().items() if not field.description]


def test_what_an_action_is_told_decides_what_it_may_do() -> None:
    def needed(**given: int) -> set[str]:
        return {*actions.privileges("scale", actions.parameters("scale").model_validate(given))}

    assert {"VirtualMachine.Config.CPUCount"} == needed() - needed(add_cpus=0)
    assert {"VirtualMachine.Config.Memory"} == needed() - needed(add_memory=0)
