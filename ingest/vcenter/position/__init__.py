"""Where a tail stands: what is remembered, stored, found again, moved."""
