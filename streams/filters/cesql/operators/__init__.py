"""The operators of CESQL 1.0 §3.4, one family per file; each becomes a step of a chain."""
