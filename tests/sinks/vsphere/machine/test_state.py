from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.errors import Retry
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from clients.vsphere.target import Target

pytestmark = pytest.mark.stack

SET, UNSET = "runtime.powerState", "runtime.suspendTime"


def test_what_is_needed_is_there_and_the_rest_where_it_is_set(machine: Target) -> None:
    assert {SET: "poweredOn"} == state.read(machine, [SET], [UNSET])


def test_a_machine_that_does_not_tell_what_is_needed_may_do_so_later(machine: Target) -> None:
    with pytest.raises(Retry, match=f"does not tell {UNSET}"):
        state.read(machine, [SET, UNSET])
