"""``type: vsphere``: an event makes something happen to a virtual machine, through the vCenter's own API.

Nothing is imported here, so that the models of the configuration can be had without pyvmomi.
"""
