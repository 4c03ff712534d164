"""What people may ask a vCenter: a closed list, read only, bounded. Nothing here takes a path or a piece of code."""
