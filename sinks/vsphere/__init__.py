"""``type: vsphere``: an event makes something happen to a virtual machine, through the vCenter's own API.

Nothing is imported here: the configuration is read, and its schema made, without pyvmomi.
"""
