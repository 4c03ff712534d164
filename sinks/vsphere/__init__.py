"""``type: vsphere``: an event makes something happen to a virtual machine, through the vCenter's own API."""

from sinks.vsphere.sink import VsphereSink

__all__ = ["VsphereSink"]
