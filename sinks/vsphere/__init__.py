"""``type: vsphere``: an event makes something happen to an object of a vCenter, through the vCenter's own API.

Nothing is imported here, so that the models of the configuration can be had without pyvmomi.
"""
