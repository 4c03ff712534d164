"""What actions read of a cluster and its hosts."""
