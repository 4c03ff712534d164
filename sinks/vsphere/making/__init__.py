"""Machines that are still to be made: where they go, and what they are known by."""
