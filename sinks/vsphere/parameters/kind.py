"""What an action is done to, where that is not always the same."""

from __future__ import annotations

from typing import Literal

Kind = Literal["VirtualMachine", "HostSystem", "Datastore", "VmwareDistributedVirtualSwitch", "ClusterComputeResource"]
