"""Following one event log: read, tell new from known, hand over, say what is missing."""
