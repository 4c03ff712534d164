"""Counting: how many events of each type and entity there were in each window of time."""
