"""Which process follows which vCenter."""
