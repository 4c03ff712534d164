"""One event to the outside world: one connector, one file; vSphere actions in their own folder."""
