"""Pages of a vCenter's events in a file: kept as they came, and played on the way that a vCenter's events take."""
